using System.Text.Json.Serialization;

namespace Pbt.Runtime;

[JsonSerializable(typeof(double[]))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
