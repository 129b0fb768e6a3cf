"""Reads TensorBoard event files with Google's protobuf runtime and another implementation of CRC-32C; prints them as JSON.

The messages are declared here from the public schemas of TensorFlow and TensorBoard (event.proto, summary.proto, the hparams
plugin's plugin_data.proto and api.proto); nothing of pbt is used. Any byte that does not belong to a record is an error.
"""

import json
import struct
import sys
from pathlib import Path

import crc32c
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, struct_pb2

TYPES = descriptor_pb2.FieldDescriptorProto
SCHEMA = {
    "Event": [("wall_time", 1, "double"), ("step", 2, "int64"), ("file_version", 3, "string"), ("summary", 5, "Summary")],
    "Summary": [("value", 1, "*Value")],
    "Value": [("tag", 1, "string"), ("simple_value", 2, "float"), ("metadata", 9, "SummaryMetadata")],
    "SummaryMetadata": [("plugin_data", 1, "PluginData")],
    "PluginData": [("plugin_name", 1, "string"), ("content", 2, "bytes")],
    "HParamsPluginData": [("version", 1, "int32"), ("experiment", 2, "Experiment"), ("session_start_info", 3, "SessionStartInfo"), ("session_end_info", 4, "SessionEndInfo")],
    "Experiment": [("description", 1, "string"), ("user", 2, "string"), ("time_created_secs", 3, "double"), ("hparam_infos", 4, "*HParamInfo"), ("metric_infos", 5, "*MetricInfo"), ("name", 6, "string")],
    "HParamInfo": [("name", 1, "string"), ("display_name", 2, "string"), ("description", 3, "string"), ("type", 4, "int32")],
    "MetricInfo": [("name", 1, "MetricName"), ("display_name", 3, "string"), ("description", 4, "string")],
    "MetricName": [("group", 1, "string"), ("tag", 2, "string")],
    "SessionStartInfo": [("hparams", 1, "*HparamsEntry"), ("model_uri", 2, "string"), ("monitor_url", 3, "string"), ("group_name", 4, "string"), ("start_time_secs", 5, "double")],
    "HparamsEntry": [("key", 1, "string"), ("value", 2, "google.protobuf.Value")],
    "SessionEndInfo": [("status", 1, "int32"), ("end_time_secs", 2, "double")],
}


def messages():
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    schema = descriptor_pb2.FileDescriptorProto(name="events.proto", package="events", syntax="proto3", dependency=[struct_pb2.DESCRIPTOR.name])
    for name, fields in SCHEMA.items():
        message = schema.message_type.add(name=name)
        for field, number, kind in fields:
            label = TYPES.LABEL_REPEATED if kind.startswith("*") else TYPES.LABEL_OPTIONAL
            kind = kind.lstrip("*")
            added = message.field.add(name=field, number=number, label=label)
            if kind[0].isupper() or "." in kind:
                added.type = TYPES.TYPE_MESSAGE
                added.type_name = f".{kind}" if "." in kind else f".events.{kind}"
            else:
                added.type = getattr(TYPES, f"TYPE_{kind.upper()}")
    pool.Add(schema)
    factory = message_factory.MessageFactory(pool)
    return {name: factory.GetPrototype(pool.FindMessageTypeByName(f"events.{name}")) for name in SCHEMA}


def unmask(masked):
    rotated = (masked - 0xA282EAD8) & 0xFFFFFFFF
    return ((rotated >> 17) | (rotated << 15)) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert crc32c.crc32c(data[at : at + 8]) == unmask(check), f"length at {at}"
        body = data[at + 12 : at + 12 + length]
        (check,) = struct.unpack_from("<I", data, at + 12 + length)
        assert crc32c.crc32c(body) == unmask(check), f"record at {at}"
        yield body
        at += 16 + length


def known(message):
    """Fails where a message has a field that the schema does not."""
    assert len(message.UnknownFields()) == 0, message
    for field, value in message.ListFields():
        if field.type == field.TYPE_MESSAGE:
            for one in value if field.label == field.LABEL_REPEATED else [value]:
                known(one)
    return message


def main(root):
    types = messages()
    runs = {}
    for path in sorted(Path(root).rglob("*tfevents*")):
        events = runs.setdefault(str(path.parent.relative_to(root)), [])
        for body in records(path.read_bytes()):
            event = known(types["Event"].FromString(body))
            shown = {"time": event.wall_time, "step": event.step, "version": event.file_version, "scalars": {}}
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "hparams":
                    data = known(types["HParamsPluginData"].FromString(value.metadata.plugin_data.content))
                    shown["hparams"] = {"tag": value.tag, **json_format.MessageToDict(data, preserving_proto_field_name=True)}
                else:
                    shown["scalars"][value.tag] = value.simple_value
            events.append(shown)
    print(json.dumps(runs))


main(sys.argv[1])
