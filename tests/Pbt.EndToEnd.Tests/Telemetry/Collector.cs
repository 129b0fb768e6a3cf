using System.Net;
using System.Text.Json;

namespace Pbt.EndToEnd.Tests.Telemetry;

/// <summary>A collector of OTLP over HTTP that keeps what it is sent, and has Google's protobuf runtime read it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    /// <summary>The messages of opentelemetry-proto 1.x, as far as they are read here: field numbers and types.</summary>
    private const string Reader =
        """
        import glob, json, sys
        from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
        T = descriptor_pb2.FieldDescriptorProto
        F = {"string": T.TYPE_STRING, "bytes": T.TYPE_BYTES, "bool": T.TYPE_BOOL, "int64": T.TYPE_INT64, "double": T.TYPE_DOUBLE,
             "int32": T.TYPE_INT32, "fixed64": T.TYPE_FIXED64, "sfixed64": T.TYPE_SFIXED64}
        M = {
            "KeyValue": "key=1:string value=2:AnyValue",
            "AnyValue": "string_value=1:string bool_value=2:bool int_value=3:int64 double_value=4:double",
            "Resource": "attributes=1:*KeyValue",
            "Scope": "name=1:string",
            "Traces": "resource_spans=1:*ResourceSpans",
            "ResourceSpans": "resource=1:Resource scope_spans=2:*ScopeSpans",
            "ScopeSpans": "scope=1:Scope spans=2:*Span",
            "Span": "trace_id=1:bytes span_id=2:bytes parent_span_id=4:bytes name=5:string start_time_unix_nano=7:fixed64 end_time_unix_nano=8:fixed64 attributes=9:*KeyValue links=13:*Link status=15:Status",
            "Link": "trace_id=1:bytes span_id=2:bytes",
            "Status": "message=2:string code=3:int32",
            "Metrics": "resource_metrics=1:*ResourceMetrics",
            "ResourceMetrics": "resource=1:Resource scope_metrics=2:*ScopeMetrics",
            "ScopeMetrics": "scope=1:Scope metrics=2:*Metric",
            "Metric": "name=1:string unit=3:string gauge=5:Gauge sum=7:Sum histogram=9:Histogram",
            "Gauge": "data_points=1:*Number",
            "Sum": "data_points=1:*Number aggregation_temporality=2:int32 is_monotonic=3:bool",
            "Number": "as_double=4:double as_int=6:sfixed64 attributes=7:*KeyValue",
            "Histogram": "data_points=1:*Buckets",
            "Buckets": "count=4:fixed64 sum=5:double bucket_counts=6:*fixed64 explicit_bounds=7:*double attributes=9:*KeyValue",
        }
        file = descriptor_pb2.FileDescriptorProto(name="otlp.proto", package="otlp", syntax="proto3")
        for name, fields in M.items():
            message = file.message_type.add(name=name)
            for field in fields.split():
                (key, number), kind = field.split(":")[0].split("="), field.split(":")[1]
                added = message.field.add(name=key, number=int(number), label=T.LABEL_REPEATED if kind[0] == "*" else T.LABEL_OPTIONAL)
                kind = kind.lstrip("*")
                if kind in F:
                    added.type = F[kind]
                else:
                    added.type, added.type_name = T.TYPE_MESSAGE, ".otlp." + kind
        pool = descriptor_pool.DescriptorPool()
        pool.Add(file)
        def read(name, path):
            message = message_factory.MessageFactory(pool).GetPrototype(pool.FindMessageTypeByName("otlp." + name))()
            message.ParseFromString(open(path, "rb").read())
            return json_format.MessageToDict(message, preserving_proto_field_name=True)
        print(json.dumps({kind: [read(name, path) for path in sorted(glob.glob(f"{sys.argv[1]}/*.{kind}"))] for kind, name in (("traces", "Traces"), ("metrics", "Metrics"))}))
        """;

    private readonly HttpListener _listener = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pbt-otlp-").FullName;
    private readonly Task _serving;
    private int _requests;

    public Collector()
    {
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>The values of a header that requests carried.</summary>
    public HashSet<string?> Keys { get; } = [];

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>All that it was sent so far.</summary>
    public JsonElement Read() => Study.Parse(SystemPython.Run(["-c", Reader, _folder], _folder).Expect(0).Out);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Keys.Add(context.Request.Headers["x-key"]);
            var kind = context.Request.Url!.AbsolutePath["/v1/".Length..];
            var path = Path.Combine(_folder, System.FormattableString.Invariant($"{_requests++:D6}.{kind}"));
            await using (var file = File.Create(path))
                await context.Request.InputStream.CopyToAsync(file);

            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
