// core/protobuf: meta_graph, saver, saved_model; python/training: checkpoint_state.
#include "messages/schema_tables.h"

namespace thaw::internal::schema {

using enum TextKind;
using enum TextLabel;

constexpr TextField kMetaGraphDefFields[] = {
    {"meta_info_def", 1, kMetaInfoDef},
    {"graph_def", 2, kGraphDef},
    {"saver_def", 3, kSaverDef},
    {"collection_def", 4, kStringToCollectionDef, repeated},
    {"signature_def", 5, kStringToSignatureDef, repeated},
    {"asset_file_def", 6, kAssetFileDef, repeated},
    {"object_graph_def", 7, kSavedObjectGraph},
};
constinit const TextMessage kMetaGraphDef{"MetaGraphDef", kMetaGraphDefFields};

constexpr TextField kMetaInfoDefFields[] = {
    {"meta_graph_version", 1, string},
    {"stripped_op_list", 2, kOpList},
    {"any_info", 3, kAny},
    {"tags", 4, string, repeated},
    {"tensorflow_version", 5, string},
    {"tensorflow_git_version", 6, string},
    {"stripped_default_attrs", 7, boolean},
    {"function_aliases", 8, kStringToString, repeated},
};
constinit const TextMessage kMetaInfoDef{"MetaGraphDef.MetaInfoDef", kMetaInfoDefFields};

constexpr TextField kAnyFields[] = {{"type_url", 1, string}, {"value", 2, bytes}};
// What collections are known to hold as Any.
constexpr TextField kAnyExpansions[] = {{"tensorflow.AssetFileDef", 2, kAssetFileDef},
                                        {"tensorflow.GraphDef", 2, kGraphDef}};
constinit const TextMessage kAny{"Any", kAnyFields, kAnyExpansions};

constexpr TextField kSaverDefFields[] = {
    {"filename_tensor_name", 1, string},
    {"save_tensor_name", 2, string},
    {"restore_op_name", 3, string},
    {"max_to_keep", 4, int32},
    {"sharded", 5, boolean},
    {"keep_checkpoint_every_n_hours", 6, float32},
    {"version", 7, kCheckpointFormatVersion},
};
constinit const TextMessage kSaverDef{"SaverDef", kSaverDefFields};

constexpr TextField kStringToCollectionDefFields[] = {
    {"key", 1, string},
    {"value", 2, kCollectionDef},
};
constinit const TextMessage kStringToCollectionDef{"map<string, CollectionDef>",
                                                   kStringToCollectionDefFields};

constexpr TextField kCollectionDefFields[] = {
    {"node_list", 1, kNodeList, choice},   {"bytes_list", 2, kBytesList, choice},
    {"int64_list", 3, kInt64List, choice}, {"float_list", 4, kFloatList, choice},
    {"any_list", 5, kAnyList, choice},
};
constinit const TextMessage kCollectionDef{"CollectionDef", kCollectionDefFields};

constexpr TextField kNodeListFields[] = {{"value", 1, string, repeated}};
constinit const TextMessage kNodeList{"CollectionDef.NodeList", kNodeListFields};

constexpr TextField kBytesListFields[] = {{"value", 1, bytes, repeated}};
constinit const TextMessage kBytesList{"CollectionDef.BytesList", kBytesListFields};

constexpr TextField kInt64ListFields[] = {{"value", 1, int64, repeated}};
constinit const TextMessage kInt64List{"CollectionDef.Int64List", kInt64ListFields};

constexpr TextField kFloatListFields[] = {{"value", 1, float32, repeated}};
constinit const TextMessage kFloatList{"CollectionDef.FloatList", kFloatListFields};

constexpr TextField kAnyListFields[] = {{"value", 1, kAny, repeated}};
constinit const TextMessage kAnyList{"CollectionDef.AnyList", kAnyListFields};

constexpr TextField kStringToSignatureDefFields[] = {
    {"key", 1, string},
    {"value", 2, kSignatureDef},
};
constinit const TextMessage kStringToSignatureDef{"map<string, SignatureDef>", kStringToSignatureDefFields};

constexpr TextField kSignatureDefFields[] = {
    {"inputs", 1, kStringToTensorInfo, repeated},
    {"outputs", 2, kStringToTensorInfo, repeated},
    {"method_name", 3, string},
    {"defaults", 4, kStringToTensorProto, repeated},
};
constinit const TextMessage kSignatureDef{"SignatureDef", kSignatureDefFields};

constexpr TextField kStringToTensorInfoFields[] = {{"key", 1, string}, {"value", 2, kTensorInfo}};
constinit const TextMessage kStringToTensorInfo{"map<string, TensorInfo>", kStringToTensorInfoFields};

constexpr TextField kTensorInfoFields[] = {
    {"name", 1, string, choice},
    {"dtype", 2, kDataType},
    {"tensor_shape", 3, kTensorShapeProto},
    {"coo_sparse", 4, kCooSparse, choice},
    {"composite_tensor", 5, kCompositeTensor, choice},
};
constinit const TextMessage kTensorInfo{"TensorInfo", kTensorInfoFields};

constexpr TextField kCooSparseFields[] = {
    {"values_tensor_name", 1, string},
    {"indices_tensor_name", 2, string},
    {"dense_shape_tensor_name", 3, string},
};
constinit const TextMessage kCooSparse{"TensorInfo.CooSparse", kCooSparseFields};

constexpr TextField kCompositeTensorFields[] = {
    {"type_spec", 1, kTypeSpecProto},
    {"components", 2, kTensorInfo, repeated},
};
constinit const TextMessage kCompositeTensor{"TensorInfo.CompositeTensor", kCompositeTensorFields};

constexpr TextField kStringToTensorProtoFields[] = {
    {"key", 1, string},
    {"value", 2, kTensorProto},
};
constinit const TextMessage kStringToTensorProto{"map<string, TensorProto>", kStringToTensorProtoFields};

constexpr TextField kAssetFileDefFields[] = {
    {"tensor_info", 1, kTensorInfo},
    {"filename", 2, string},
};
constinit const TextMessage kAssetFileDef{"AssetFileDef", kAssetFileDefFields};

constexpr TextField kSavedModelFields[] = {
    {"saved_model_schema_version", 1, int64},
    {"meta_graphs", 2, kMetaGraphDef, repeated},
};
constinit const TextMessage kSavedModel{"SavedModel", kSavedModelFields};

constexpr TextField kCheckpointStateFields[] = {
    {"model_checkpoint_path", 1, string},
    {"all_model_checkpoint_paths", 2, string, repeated},
    {"all_model_checkpoint_timestamps", 3, float64, repeated},
    {"last_preserved_timestamp", 4, float64},
};
constinit const TextMessage kCheckpointState{"CheckpointState", kCheckpointStateFields};

constexpr TextEnumValue kCheckpointFormatVersionValues[] = {
    {"LEGACY", 0},
    {"V1", 1},
    {"V2", 2},
};
constinit const TextEnum kCheckpointFormatVersion{"SaverDef.CheckpointFormatVersion",
                                                  kCheckpointFormatVersionValues};

}  // namespace thaw::internal::schema
