// The example, as firmware builds it.
#include "../../examples/firmware.cpp"
