// The module comes with a later commit.
