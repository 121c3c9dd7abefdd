// The tables of schema.h, one constant for each message and enum of TensorFlow's protos, named as there;
// entries of maps are kKeyToValue. Fields as TensorFlow 2.21 has them.
#pragma once

#include "wire/text_schema.h"

namespace thaw::internal::schema {

// schema_graph.cc
extern const TextMessage kGraphDef, kNodeDef, kStringToAttr, kAttrValue, kTensorShapeProto, kShapeDim,
    kTensorProto, kResourceHandleProto, kDtypeAndShape, kVariantTensorDataProto, kAttrListValue,
    kNameAttrList, kExperimentalDebugInfo, kFullTypeDef, kVersionDef;

// schema_function.cc
extern const TextMessage kFunctionDefLibrary, kFunctionDef, kOpDef, kArgDef, kAttrDef, kOpDeprecation,
    kUint32ToArgAttrs, kArgAttrs, kUint32ToUint32, kStringToString, kGradientDef, kRegisteredGradient,
    kGraphDebugInfo, kFixed64ToFileLineCol, kFileLineCol, kFixed64ToStackTrace, kStackTrace,
    kStringToStackTrace, kStringToFixed64, kOpList;

// schema_meta_graph.cc
extern const TextMessage kMetaGraphDef, kMetaInfoDef, kAny, kSaverDef, kStringToCollectionDef, kCollectionDef,
    kNodeList, kBytesList, kInt64List, kFloatList, kAnyList, kStringToSignatureDef, kSignatureDef,
    kStringToTensorInfo, kTensorInfo, kCooSparse, kCompositeTensor, kStringToTensorProto, kAssetFileDef,
    kSavedModel, kCheckpointState;

// schema_object_graph.cc
extern const TextMessage kTypeSpecProto, kStructuredValue, kNoneValue, kTensorSpecProto,
    kBoundedTensorSpecProto, kStructuredListValue, kStructuredTupleValue, kStructuredDictValue,
    kStringToStructuredValue, kNamedTupleValue, kPairValue, kSavedObjectGraph, kSavedObject, kObjectReference,
    kSlotVariableReference, kSavedUserObject, kSavedAsset, kSavedFunction, kFunctionSpec, kSavedVariable,
    kSavedBareConcreteFunction, kSavedConstant, kSavedResource, kCapturedTensor, kStringToSaveableObject,
    kSaveableObject, kStringToSavedConcreteFunction, kSavedConcreteFunction;

extern const TextEnum kDataType, kFullTypeId, kCheckpointFormatVersion, kTypeSpecClass, kJitCompile,
    kVariableSynchronization, kVariableAggregation;

}  // namespace thaw::internal::schema
