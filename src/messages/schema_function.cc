// core/framework: function, op_def, graph_debug_info.
#include "messages/schema_tables.h"

namespace thaw::internal::schema {

using enum TextKind;
using enum TextLabel;

constexpr TextField kFunctionDefLibraryFields[] = {
    {"function", 1, kFunctionDef, repeated},
    {"gradient", 2, kGradientDef, repeated},
    {"registered_gradients", 3, kRegisteredGradient, repeated},
};
constinit const TextMessage kFunctionDefLibrary{"FunctionDefLibrary", kFunctionDefLibraryFields};

constexpr TextField kFunctionDefFields[] = {
    {"signature", 1, kOpDef},
    {"node_def", 3, kNodeDef, repeated},
    {"ret", 4, kStringToString, repeated},
    {"attr", 5, kStringToAttr, repeated},
    {"control_ret", 6, kStringToString, repeated},
    {"arg_attr", 7, kUint32ToArgAttrs, repeated},
    {"resource_arg_unique_id", 8, kUint32ToUint32, repeated},
};
constinit const TextMessage kFunctionDef{"FunctionDef", kFunctionDefFields};

constexpr TextField kOpDefFields[] = {
    {"name", 1, string},
    {"input_arg", 2, kArgDef, repeated},
    {"output_arg", 3, kArgDef, repeated},
    {"attr", 4, kAttrDef, repeated},
    {"summary", 5, string},
    {"description", 6, string},
    {"deprecation", 8, kOpDeprecation},
    {"is_aggregate", 16, boolean},
    {"is_stateful", 17, boolean},
    {"is_commutative", 18, boolean},
    {"allows_uninitialized_input", 19, boolean},
    {"control_output", 20, string, repeated},
    {"is_distributed_communication", 21, boolean},
};
constinit const TextMessage kOpDef{"OpDef", kOpDefFields};

constexpr TextField kArgDefFields[] = {
    {"name", 1, string},
    {"description", 2, string},
    {"type", 3, kDataType},
    {"type_attr", 4, string},
    {"number_attr", 5, string},
    {"type_list_attr", 6, string},
    {"handle_data", 7, kDtypeAndShape, repeated},
    {"is_ref", 16, boolean},
    {"experimental_full_type", 17, kFullTypeDef},
};
constinit const TextMessage kArgDef{"OpDef.ArgDef", kArgDefFields};

constexpr TextField kAttrDefFields[] = {
    {"name", 1, string},
    {"type", 2, string},
    {"default_value", 3, kAttrValue},
    {"description", 4, string},
    {"has_minimum", 5, boolean},
    {"minimum", 6, int64},
    {"allowed_values", 7, kAttrValue},
};
constinit const TextMessage kAttrDef{"OpDef.AttrDef", kAttrDefFields};

constexpr TextField kOpDeprecationFields[] = {{"version", 1, int32}, {"explanation", 2, string}};
constinit const TextMessage kOpDeprecation{"OpDeprecation", kOpDeprecationFields};

constexpr TextField kUint32ToArgAttrsFields[] = {{"key", 1, uint32}, {"value", 2, kArgAttrs}};
constinit const TextMessage kUint32ToArgAttrs{"map<uint32, ArgAttrs>", kUint32ToArgAttrsFields};

constexpr TextField kArgAttrsFields[] = {{"attr", 1, kStringToAttr, repeated}};
constinit const TextMessage kArgAttrs{"FunctionDef.ArgAttrs", kArgAttrsFields};

constexpr TextField kUint32ToUint32Fields[] = {{"key", 1, uint32}, {"value", 2, uint32}};
constinit const TextMessage kUint32ToUint32{"map<uint32, uint32>", kUint32ToUint32Fields};

constexpr TextField kStringToStringFields[] = {{"key", 1, string}, {"value", 2, string}};
constinit const TextMessage kStringToString{"map<string, string>", kStringToStringFields};

constexpr TextField kGradientDefFields[] = {
    {"function_name", 1, string},
    {"gradient_func", 2, string},
};
constinit const TextMessage kGradientDef{"GradientDef", kGradientDefFields};

constexpr TextField kRegisteredGradientFields[] = {
    {"gradient_func", 1, string},
    {"registered_op_type", 2, string},
};
constinit const TextMessage kRegisteredGradient{"RegisteredGradient", kRegisteredGradientFields};

constexpr TextField kGraphDebugInfoFields[] = {
    {"files", 1, string, repeated},
    {"traces", 2, kStringToStackTrace, repeated},
    {"frames_by_id", 4, kFixed64ToFileLineCol, repeated},
    {"name_to_trace_id", 5, kStringToFixed64, repeated},
    {"traces_by_id", 6, kFixed64ToStackTrace, repeated},
};
constinit const TextMessage kGraphDebugInfo{"GraphDebugInfo", kGraphDebugInfoFields};

constexpr TextField kFixed64ToFileLineColFields[] = {
    {"key", 1, fixed64},
    {"value", 2, kFileLineCol},
};
constinit const TextMessage kFixed64ToFileLineCol{"map<fixed64, FileLineCol>", kFixed64ToFileLineColFields};

constexpr TextField kFileLineColFields[] = {
    {"file_index", 1, int32}, {"line", 2, int32}, {"col", 3, int32}, {"func", 4, string}, {"code", 5, string},
};
constinit const TextMessage kFileLineCol{"GraphDebugInfo.FileLineCol", kFileLineColFields};

constexpr TextField kFixed64ToStackTraceFields[] = {
    {"key", 1, fixed64},
    {"value", 2, kStackTrace},
};
constinit const TextMessage kFixed64ToStackTrace{"map<fixed64, StackTrace>", kFixed64ToStackTraceFields};

constexpr TextField kStackTraceFields[] = {
    {"file_line_cols", 1, kFileLineCol, repeated},
    {"frame_id", 2, fixed64, repeated},
};
constinit const TextMessage kStackTrace{"GraphDebugInfo.StackTrace", kStackTraceFields};

constexpr TextField kStringToStackTraceFields[] = {{"key", 1, string}, {"value", 2, kStackTrace}};
constinit const TextMessage kStringToStackTrace{"map<string, StackTrace>", kStringToStackTraceFields};

constexpr TextField kStringToFixed64Fields[] = {{"key", 1, string}, {"value", 2, fixed64}};
constinit const TextMessage kStringToFixed64{"map<string, fixed64>", kStringToFixed64Fields};

constexpr TextField kOpListFields[] = {{"op", 1, kOpDef, repeated}};
constinit const TextMessage kOpList{"OpList", kOpListFields};

}  // namespace thaw::internal::schema
