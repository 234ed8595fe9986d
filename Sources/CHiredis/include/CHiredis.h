#ifndef ASSAY_CHIREDIS_H
#define ASSAY_CHIREDIS_H

#include <hiredis/read.h>

#endif
