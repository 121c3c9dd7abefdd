"""The collections `while_context` and `cond_context` of two MetaGraphs, compared."""

from __future__ import annotations

from typing import Any

from tensorflow.core.protobuf import control_flow_pb2

FIELDS = (
    "parallel_iterations", "back_prop", "pivot_name", "pivot_for_pred_name", "pivot_for_body_name",
    "maximum_iterations_name",
)  # fmt: skip


class Contexts:
    """What a MetaGraph says of loops and branches."""

    def __init__(self, meta: Any) -> None:
        self.nodes = {node.name: node for node in meta.graph_def.node}
        self.loops: dict[str, Any] = {}
        self.owner: dict[str, tuple[Any, ...]] = {}
        kinds = (
            ("cond_context", control_flow_pb2.CondContextDef),
            ("while_context", control_flow_pb2.WhileContextDef),
        )
        for key, kind in kinds:
            found = meta.collection_def[key].bytes_list.value if key in meta.collection_def else []
            for encoded in found:
                self._take(kind.FromString(encoded), ())

    def _take(self, context: Any, around: tuple[Any, ...]) -> None:
        """Nested contexts overwrite the ownership of those around them, as on import."""
        is_loop = hasattr(context, "loop_exit_names")
        if is_loop:
            self.loops[context.context_name] = context
        key = context.context_name if is_loop else (context.branch, self._origin(context.pred_name))
        here = (*around, key)
        values = context.values_def
        for name in set(values.values) - set(values.external_values):
            self.owner[name.split(":")[0]] = here
        for nested in context.nested_contexts:
            self._take(nested.while_ctxt if nested.HasField("while_ctxt") else nested.cond_ctxt, here)

    def _origin(self, tensor: str) -> str:
        """Behind Identities: two conds of one predicate have a pred_id each."""
        tensor = tensor.removesuffix(":0")
        while tensor in self.nodes and self.nodes[tensor].op == "Identity":
            tensor = self.nodes[tensor].input[0]
        return tensor


def differences(theirs: Any, ours: Any) -> list[str]:
    """Where our collections differ from TensorFlow's in what both graphs have."""
    truth, seen = Contexts(theirs), Contexts(ours)
    both = truth.nodes.keys() & seen.nodes.keys()
    told = []
    if truth.loops.keys() != seen.loops.keys():
        told.append(f"loops {sorted(truth.loops)} and {sorted(seen.loops)}")
    for name in truth.loops.keys() & seen.loops.keys():
        told += [f"{name}: {line}" for line in _fields(truth.loops[name], seen.loops[name], both)]
    same_op = [n for n in sorted(both) if truth.nodes[n].op == seen.nodes[n].op]
    moved = [n for n in same_op if truth.owner.get(n) != seen.owner.get(n)]
    return told + [f"{n} in {truth.owner.get(n)} and {seen.owner.get(n)}" for n in moved]


def _fields(theirs: Any, ours: Any, known: set[str]) -> list[str]:
    """Of the variables of a loop those count that freezing has left."""
    told = [f"{field} is {getattr(ours, field)!r}" for field in FIELDS if getattr(theirs, field) != getattr(ours, field)]
    for field in ("loop_enter_names", "loop_exit_names"):
        a, b = ([n for n in getattr(side, field) if n.removesuffix(":0") in known] for side in (theirs, ours))
        if a != b:
            told.append(f"{field} {a} and {b}")
    return told
