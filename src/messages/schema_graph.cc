// core/framework: graph, node_def, attr_value, tensor, tensor_shape, types, versions, full_type,
// resource_handle.
#include "messages/schema_tables.h"

namespace thaw::internal::schema {

using enum TextKind;
using enum TextLabel;

constexpr TextField kGraphDefFields[] = {
    {"node", 1, kNodeDef, repeated}, {"library", 2, kFunctionDefLibrary}, {"version", 3, int32},
    {"versions", 4, kVersionDef},    {"debug_info", 5, kGraphDebugInfo},
};
constinit const TextMessage kGraphDef{"GraphDef", kGraphDefFields};

constexpr TextField kNodeDefFields[] = {
    {"name", 1, string},
    {"op", 2, string},
    {"input", 3, string, repeated},
    {"device", 4, string},
    {"attr", 5, kStringToAttr, repeated},
    {"experimental_debug_info", 6, kExperimentalDebugInfo},
    {"experimental_type", 7, kFullTypeDef},
};
constinit const TextMessage kNodeDef{"NodeDef", kNodeDefFields};

constexpr TextField kStringToAttrFields[] = {{"key", 1, string}, {"value", 2, kAttrValue}};
constinit const TextMessage kStringToAttr{"map<string, AttrValue>", kStringToAttrFields};

constexpr TextField kAttrValueFields[] = {
    {"list", 1, kAttrListValue, choice},
    {"s", 2, bytes, choice},
    {"i", 3, int64, choice},
    {"f", 4, float32, choice},
    {"b", 5, boolean, choice},
    {"type", 6, kDataType, choice},
    {"shape", 7, kTensorShapeProto, choice},
    {"tensor", 8, kTensorProto, choice},
    {"placeholder", 9, string, choice},
    {"func", 10, kNameAttrList, choice},
};
constinit const TextMessage kAttrValue{"AttrValue", kAttrValueFields};

constexpr TextField kTensorShapeProtoFields[] = {
    {"dim", 2, kShapeDim, repeated},
    {"unknown_rank", 3, boolean},
};
constinit const TextMessage kTensorShapeProto{"TensorShapeProto", kTensorShapeProtoFields};

constexpr TextField kShapeDimFields[] = {{"size", 1, int64}, {"name", 2, string}};
constinit const TextMessage kShapeDim{"TensorShapeProto.Dim", kShapeDimFields};

constexpr TextField kTensorProtoFields[] = {
    {"dtype", 1, kDataType},
    {"tensor_shape", 2, kTensorShapeProto},
    {"version_number", 3, int32},
    {"tensor_content", 4, bytes},
    {"float_val", 5, float32, repeated},
    {"double_val", 6, float64, repeated},
    {"int_val", 7, int32, repeated},
    {"string_val", 8, bytes, repeated},
    {"scomplex_val", 9, float32, repeated},
    {"int64_val", 10, int64, repeated},
    {"bool_val", 11, boolean, repeated},
    {"dcomplex_val", 12, float64, repeated},
    {"half_val", 13, int32, repeated},
    {"resource_handle_val", 14, kResourceHandleProto, repeated},
    {"variant_val", 15, kVariantTensorDataProto, repeated},
    {"uint32_val", 16, uint32, repeated},
    {"uint64_val", 17, uint64, repeated},
    {"float8_val", 18, bytes},
};
constinit const TextMessage kTensorProto{"TensorProto", kTensorProtoFields};

constexpr TextField kResourceHandleProtoFields[] = {
    {"device", 1, string},
    {"container", 2, string},
    {"name", 3, string},
    {"hash_code", 4, uint64},
    {"maybe_type_name", 5, string},
    {"dtypes_and_shapes", 6, kDtypeAndShape, repeated},
};
constinit const TextMessage kResourceHandleProto{"ResourceHandleProto", kResourceHandleProtoFields};

constexpr TextField kDtypeAndShapeFields[] = {
    {"dtype", 1, kDataType},
    {"shape", 2, kTensorShapeProto},
};
constinit const TextMessage kDtypeAndShape{"ResourceHandleProto.DtypeAndShape", kDtypeAndShapeFields};

constexpr TextField kVariantTensorDataProtoFields[] = {
    {"type_name", 1, string},
    {"metadata", 2, bytes},
    {"tensors", 3, kTensorProto, repeated},
};
constinit const TextMessage kVariantTensorDataProto{"VariantTensorDataProto", kVariantTensorDataProtoFields};

constexpr TextField kAttrListValueFields[] = {
    {"s", 2, bytes, repeated},
    {"i", 3, int64, repeated},
    {"f", 4, float32, repeated},
    {"b", 5, boolean, repeated},
    {"type", 6, kDataType, repeated},
    {"shape", 7, kTensorShapeProto, repeated},
    {"tensor", 8, kTensorProto, repeated},
    {"func", 9, kNameAttrList, repeated},
};
constinit const TextMessage kAttrListValue{"AttrValue.ListValue", kAttrListValueFields};

constexpr TextField kNameAttrListFields[] = {
    {"name", 1, string},
    {"attr", 2, kStringToAttr, repeated},
};
constinit const TextMessage kNameAttrList{"NameAttrList", kNameAttrListFields};

constexpr TextField kExperimentalDebugInfoFields[] = {
    {"original_node_names", 1, string, repeated},
    {"original_func_names", 2, string, repeated},
};
constinit const TextMessage kExperimentalDebugInfo{"NodeDef.ExperimentalDebugInfo",
                                                   kExperimentalDebugInfoFields};

constexpr TextField kFullTypeDefFields[] = {
    {"type_id", 1, kFullTypeId},
    {"args", 2, kFullTypeDef, repeated},
    {"s", 3, string, choice},
    {"i", 4, int64, choice},
};
constinit const TextMessage kFullTypeDef{"FullTypeDef", kFullTypeDefFields};

constexpr TextField kVersionDefFields[] = {
    {"producer", 1, int32},
    {"min_consumer", 2, int32},
    {"bad_consumers", 3, int32, repeated},
};
constinit const TextMessage kVersionDef{"VersionDef", kVersionDefFields};

constexpr TextEnumValue kFullTypeIdValues[] = {
    {"TFT_UNSET", 0},
    {"TFT_VAR", 1},
    {"TFT_ANY", 2},
    {"TFT_PRODUCT", 3},
    {"TFT_NAMED", 4},
    {"TFT_FOR_EACH", 20},
    {"TFT_CALLABLE", 100},
    {"TFT_TENSOR", 1000},
    {"TFT_ARRAY", 1001},
    {"TFT_OPTIONAL", 1002},
    {"TFT_LITERAL", 1003},
    {"TFT_ENCODED", 1004},
    {"TFT_SHAPE_TENSOR", 1005},
    {"TFT_BOOL", 200},
    {"TFT_UINT8", 201},
    {"TFT_UINT16", 202},
    {"TFT_UINT32", 203},
    {"TFT_UINT64", 204},
    {"TFT_INT8", 205},
    {"TFT_INT16", 206},
    {"TFT_INT32", 207},
    {"TFT_INT64", 208},
    {"TFT_HALF", 209},
    {"TFT_FLOAT", 210},
    {"TFT_DOUBLE", 211},
    {"TFT_BFLOAT16", 215},
    {"TFT_COMPLEX64", 212},
    {"TFT_COMPLEX128", 213},
    {"TFT_STRING", 214},
    {"TFT_DATASET", 10102},
    {"TFT_RAGGED", 10103},
    {"TFT_ITERATOR", 10104},
    {"TFT_MUTEX_LOCK", 10202},
    {"TFT_LEGACY_VARIANT", 10203},
};
constinit const TextEnum kFullTypeId{"FullTypeId", kFullTypeIdValues};

constexpr TextEnumValue kDataTypeValues[] = {
    {"DT_INVALID", 0},
    {"DT_FLOAT", 1},
    {"DT_DOUBLE", 2},
    {"DT_INT32", 3},
    {"DT_UINT8", 4},
    {"DT_INT16", 5},
    {"DT_INT8", 6},
    {"DT_STRING", 7},
    {"DT_COMPLEX64", 8},
    {"DT_INT64", 9},
    {"DT_BOOL", 10},
    {"DT_QINT8", 11},
    {"DT_QUINT8", 12},
    {"DT_QINT32", 13},
    {"DT_BFLOAT16", 14},
    {"DT_QINT16", 15},
    {"DT_QUINT16", 16},
    {"DT_UINT16", 17},
    {"DT_COMPLEX128", 18},
    {"DT_HALF", 19},
    {"DT_RESOURCE", 20},
    {"DT_VARIANT", 21},
    {"DT_UINT32", 22},
    {"DT_UINT64", 23},
    {"DT_FLOAT8_E5M2", 24},
    {"DT_FLOAT8_E4M3FN", 25},
    {"DT_FLOAT8_E4M3FNUZ", 26},
    {"DT_FLOAT8_E4M3B11FNUZ", 27},
    {"DT_FLOAT8_E5M2FNUZ", 28},
    {"DT_INT4", 29},
    {"DT_UINT4", 30},
    {"DT_INT2", 31},
    {"DT_UINT2", 32},
    {"DT_FLOAT4_E2M1FN", 33},
    {"DT_FLOAT_REF", 101},
    {"DT_DOUBLE_REF", 102},
    {"DT_INT32_REF", 103},
    {"DT_UINT8_REF", 104},
    {"DT_INT16_REF", 105},
    {"DT_INT8_REF", 106},
    {"DT_STRING_REF", 107},
    {"DT_COMPLEX64_REF", 108},
    {"DT_INT64_REF", 109},
    {"DT_BOOL_REF", 110},
    {"DT_QINT8_REF", 111},
    {"DT_QUINT8_REF", 112},
    {"DT_QINT32_REF", 113},
    {"DT_BFLOAT16_REF", 114},
    {"DT_QINT16_REF", 115},
    {"DT_QUINT16_REF", 116},
    {"DT_UINT16_REF", 117},
    {"DT_COMPLEX128_REF", 118},
    {"DT_HALF_REF", 119},
    {"DT_RESOURCE_REF", 120},
    {"DT_VARIANT_REF", 121},
    {"DT_UINT32_REF", 122},
    {"DT_UINT64_REF", 123},
    {"DT_FLOAT8_E5M2_REF", 124},
    {"DT_FLOAT8_E4M3FN_REF", 125},
    {"DT_FLOAT8_E4M3FNUZ_REF", 126},
    {"DT_FLOAT8_E4M3B11FNUZ_REF", 127},
    {"DT_FLOAT8_E5M2FNUZ_REF", 128},
    {"DT_INT4_REF", 129},
    {"DT_UINT4_REF", 130},
    {"DT_INT2_REF", 131},
    {"DT_UINT2_REF", 132},
    {"DT_FLOAT4_E2M1FN_REF", 133},
};
constinit const TextEnum kDataType{"DataType", kDataTypeValues};

}  // namespace thaw::internal::schema
