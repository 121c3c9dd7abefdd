// core/protobuf: saved_object_graph, trackable_object_graph, struct; core/framework: variable.
#include "messages/schema_tables.h"

namespace thaw::internal::schema {

using enum TextKind;
using enum TextLabel;

constexpr TextField kTypeSpecProtoFields[] = {
    {"type_spec_class", 1, kTypeSpecClass},
    {"type_state", 2, kStructuredValue},
    {"type_spec_class_name", 3, string},
    {"num_flat_components", 4, int32},
};
constinit const TextMessage kTypeSpecProto{"TypeSpecProto", kTypeSpecProtoFields};

constexpr TextField kStructuredValueFields[] = {
    {"none_value", 1, kNoneValue, choice},
    {"float64_value", 11, float64, choice},
    {"int64_value", 12, sint64, choice},
    {"string_value", 13, string, choice},
    {"bool_value", 14, boolean, choice},
    {"tensor_shape_value", 31, kTensorShapeProto, choice},
    {"tensor_dtype_value", 32, kDataType, choice},
    {"tensor_spec_value", 33, kTensorSpecProto, choice},
    {"type_spec_value", 34, kTypeSpecProto, choice},
    {"bounded_tensor_spec_value", 35, kBoundedTensorSpecProto, choice},
    {"list_value", 51, kStructuredListValue, choice},
    {"tuple_value", 52, kStructuredTupleValue, choice},
    {"dict_value", 53, kStructuredDictValue, choice},
    {"named_tuple_value", 54, kNamedTupleValue, choice},
    {"tensor_value", 55, kTensorProto, choice},
    {"numpy_value", 56, kTensorProto, choice},
};
constinit const TextMessage kStructuredValue{"StructuredValue", kStructuredValueFields};

constinit const TextMessage kNoneValue{"NoneValue", {}};

constexpr TextField kTensorSpecProtoFields[] = {
    {"name", 1, string},
    {"shape", 2, kTensorShapeProto},
    {"dtype", 3, kDataType},
};
constinit const TextMessage kTensorSpecProto{"TensorSpecProto", kTensorSpecProtoFields};

constexpr TextField kBoundedTensorSpecProtoFields[] = {
    {"name", 1, string},          {"shape", 2, kTensorShapeProto}, {"dtype", 3, kDataType},
    {"minimum", 4, kTensorProto}, {"maximum", 5, kTensorProto},
};
constinit const TextMessage kBoundedTensorSpecProto{"BoundedTensorSpecProto", kBoundedTensorSpecProtoFields};

constexpr TextField kStructuredListValueFields[] = {{"values", 1, kStructuredValue, repeated}};
constinit const TextMessage kStructuredListValue{"ListValue", kStructuredListValueFields};

constexpr TextField kStructuredTupleValueFields[] = {{"values", 1, kStructuredValue, repeated}};
constinit const TextMessage kStructuredTupleValue{"TupleValue", kStructuredTupleValueFields};

constexpr TextField kStructuredDictValueFields[] = {
    {"fields", 1, kStringToStructuredValue, repeated},
};
constinit const TextMessage kStructuredDictValue{"DictValue", kStructuredDictValueFields};

constexpr TextField kStringToStructuredValueFields[] = {
    {"key", 1, string},
    {"value", 2, kStructuredValue},
};
constinit const TextMessage kStringToStructuredValue{"map<string, StructuredValue>",
                                                     kStringToStructuredValueFields};

constexpr TextField kNamedTupleValueFields[] = {
    {"name", 1, string},
    {"values", 2, kPairValue, repeated},
};
constinit const TextMessage kNamedTupleValue{"NamedTupleValue", kNamedTupleValueFields};

constexpr TextField kPairValueFields[] = {{"key", 1, string}, {"value", 2, kStructuredValue}};
constinit const TextMessage kPairValue{"PairValue", kPairValueFields};

constexpr TextField kSavedObjectGraphFields[] = {
    {"nodes", 1, kSavedObject, repeated},
    {"concrete_functions", 2, kStringToSavedConcreteFunction, repeated},
};
constinit const TextMessage kSavedObjectGraph{"SavedObjectGraph", kSavedObjectGraphFields};

constexpr TextField kSavedObjectFields[] = {
    {"children", 1, kObjectReference, repeated},
    {"slot_variables", 3, kSlotVariableReference, repeated},
    {"user_object", 4, kSavedUserObject, choice},
    {"asset", 5, kSavedAsset, choice},
    {"function", 6, kSavedFunction, choice},
    {"variable", 7, kSavedVariable, choice},
    {"bare_concrete_function", 8, kSavedBareConcreteFunction, choice},
    {"constant", 9, kSavedConstant, choice},
    {"resource", 10, kSavedResource, choice},
    {"saveable_objects", 11, kStringToSaveableObject, repeated},
    {"captured_tensor", 12, kCapturedTensor, choice},
    {"registered_name", 13, string},
    {"serialized_user_proto", 14, kAny},
    {"dependencies", 15, kObjectReference, repeated},
    {"registered_saver", 16, string},
};
constinit const TextMessage kSavedObject{"SavedObject", kSavedObjectFields};

constexpr TextField kObjectReferenceFields[] = {{"node_id", 1, int32}, {"local_name", 2, string}};
constinit const TextMessage kObjectReference{"TrackableObjectGraph.TrackableObject.ObjectReference",
                                             kObjectReferenceFields};

constexpr TextField kSlotVariableReferenceFields[] = {
    {"original_variable_node_id", 1, int32},
    {"slot_name", 2, string},
    {"slot_variable_node_id", 3, int32},
};
constinit const TextMessage kSlotVariableReference{
    "TrackableObjectGraph.TrackableObject.SlotVariableReference", kSlotVariableReferenceFields};

constexpr TextField kSavedUserObjectFields[] = {
    {"identifier", 1, string},
    {"version", 2, kVersionDef},
    {"metadata", 3, string},
};
constinit const TextMessage kSavedUserObject{"SavedUserObject", kSavedUserObjectFields};

constexpr TextField kSavedAssetFields[] = {{"asset_file_def_index", 1, int32}};
constinit const TextMessage kSavedAsset{"SavedAsset", kSavedAssetFields};

constexpr TextField kSavedFunctionFields[] = {
    {"concrete_functions", 1, string, repeated},
    {"function_spec", 2, kFunctionSpec},
};
constinit const TextMessage kSavedFunction{"SavedFunction", kSavedFunctionFields};

constexpr TextField kFunctionSpecFields[] = {
    {"fullargspec", 1, kStructuredValue},
    {"is_method", 2, boolean},
    {"input_signature", 5, kStructuredValue},
    {"jit_compile", 6, kJitCompile},
};
constinit const TextMessage kFunctionSpec{"FunctionSpec", kFunctionSpecFields};

constexpr TextField kSavedVariableFields[] = {
    {"dtype", 1, kDataType},
    {"shape", 2, kTensorShapeProto},
    {"trainable", 3, boolean},
    {"synchronization", 4, kVariableSynchronization},
    {"aggregation", 5, kVariableAggregation},
    {"name", 6, string},
    {"device", 7, string},
    {"experimental_distributed_variable_components", 8, kSavedVariable, repeated},
};
constinit const TextMessage kSavedVariable{"SavedVariable", kSavedVariableFields};

constexpr TextField kSavedBareConcreteFunctionFields[] = {
    {"concrete_function_name", 1, string},
    {"argument_keywords", 2, string, repeated},
    {"allowed_positional_arguments", 3, int64},
    {"function_spec", 4, kFunctionSpec},
};
constinit const TextMessage kSavedBareConcreteFunction{"SavedBareConcreteFunction",
                                                       kSavedBareConcreteFunctionFields};

constexpr TextField kSavedConstantFields[] = {{"operation", 1, string}};
constinit const TextMessage kSavedConstant{"SavedConstant", kSavedConstantFields};

constexpr TextField kSavedResourceFields[] = {{"device", 1, string}};
constinit const TextMessage kSavedResource{"SavedResource", kSavedResourceFields};

constexpr TextField kCapturedTensorFields[] = {
    {"name", 1, string},
    {"concrete_function", 2, string},
};
constinit const TextMessage kCapturedTensor{"CapturedTensor", kCapturedTensorFields};

constexpr TextField kStringToSaveableObjectFields[] = {
    {"key", 1, string},
    {"value", 2, kSaveableObject},
};
constinit const TextMessage kStringToSaveableObject{"map<string, SaveableObject>",
                                                    kStringToSaveableObjectFields};

constexpr TextField kSaveableObjectFields[] = {
    {"save_function", 2, int32},
    {"restore_function", 3, int32},
};
constinit const TextMessage kSaveableObject{"SaveableObject", kSaveableObjectFields};

constexpr TextField kStringToSavedConcreteFunctionFields[] = {
    {"key", 1, string},
    {"value", 2, kSavedConcreteFunction},
};
constinit const TextMessage kStringToSavedConcreteFunction{"map<string, SavedConcreteFunction>",
                                                           kStringToSavedConcreteFunctionFields};

constexpr TextField kSavedConcreteFunctionFields[] = {
    {"bound_inputs", 2, int32, repeated},
    {"canonicalized_input_signature", 3, kStructuredValue},
    {"output_signature", 4, kStructuredValue},
};
constinit const TextMessage kSavedConcreteFunction{"SavedConcreteFunction", kSavedConcreteFunctionFields};

constexpr TextEnumValue kTypeSpecClassValues[] = {
    {"UNKNOWN", 0},
    {"SPARSE_TENSOR_SPEC", 1},
    {"INDEXED_SLICES_SPEC", 2},
    {"RAGGED_TENSOR_SPEC", 3},
    {"TENSOR_ARRAY_SPEC", 4},
    {"DATA_DATASET_SPEC", 5},
    {"DATA_ITERATOR_SPEC", 6},
    {"OPTIONAL_SPEC", 7},
    {"PER_REPLICA_SPEC", 8},
    {"VARIABLE_SPEC", 9},
    {"ROW_PARTITION_SPEC", 10},
    {"REGISTERED_TYPE_SPEC", 12},
    {"EXTENSION_TYPE_SPEC", 13},
};
constinit const TextEnum kTypeSpecClass{"TypeSpecProto.TypeSpecClass", kTypeSpecClassValues};

constexpr TextEnumValue kJitCompileValues[] = {
    {"DEFAULT", 0},
    {"ON", 1},
    {"OFF", 2},
};
constinit const TextEnum kJitCompile{"FunctionSpec.JitCompile", kJitCompileValues};

constexpr TextEnumValue kVariableSynchronizationValues[] = {
    {"VARIABLE_SYNCHRONIZATION_AUTO", 0},
    {"VARIABLE_SYNCHRONIZATION_NONE", 1},
    {"VARIABLE_SYNCHRONIZATION_ON_WRITE", 2},
    {"VARIABLE_SYNCHRONIZATION_ON_READ", 3},
};
constinit const TextEnum kVariableSynchronization{"VariableSynchronization", kVariableSynchronizationValues};

constexpr TextEnumValue kVariableAggregationValues[] = {
    {"VARIABLE_AGGREGATION_NONE", 0},
    {"VARIABLE_AGGREGATION_SUM", 1},
    {"VARIABLE_AGGREGATION_MEAN", 2},
    {"VARIABLE_AGGREGATION_ONLY_FIRST_REPLICA", 3},
};
constinit const TextEnum kVariableAggregation{"VariableAggregation", kVariableAggregationValues};

}  // namespace thaw::internal::schema
