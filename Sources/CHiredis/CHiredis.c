// hiredis is used for its reply parser only; the header says all that there is.
#include "CHiredis.h"
