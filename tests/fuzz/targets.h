// All fuzz targets, each in a file of its name.
#pragma once

#include "fuzz/fuzz_target.h"

namespace thaw::internal {

FuzzTarget model_target();
FuzzTarget inspect_target();
FuzzTarget round_trip_target();
FuzzTarget control_flow_target();
FuzzTarget saved_model_target();
FuzzTarget bundle_target();
FuzzTarget table_target();
FuzzTarget v1_target();
FuzzTarget strings_target();
FuzzTarget tensor_target();
FuzzTarget keras_target();
FuzzTarget list_target();
FuzzTarget rules_target();

}  // namespace thaw::internal
