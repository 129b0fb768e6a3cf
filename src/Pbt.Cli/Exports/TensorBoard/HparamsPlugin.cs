using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Exports.TensorBoard;

/// <summary>What TensorBoard's hparams plugin wants to know: which hyperparameters there are, and those of each run.</summary>
/// <remarks>The fields are those of the plugin's plugin_data.proto and api.proto.</remarks>
internal static class HparamsPlugin
{
    private const string Name = "hparams";
    private const int TextType = 1;
    private const int BoolType = 2;
    private const int NumberType = 3;
    private const int Success = 1;
    private const int Failure = 2;

    /// <summary>The hyperparameters of all runs and the measurement that they are judged by.</summary>
    public static ProtobufMessage Experiment(Hyperparameters example, string metricTag, string metricName, DateTimeOffset created)
    {
        var experiment = new ProtobufMessage().Double(3, EventFile.Seconds(created));
        foreach (var (name, value) in example)
            experiment.Message(4, new ProtobufMessage().Text(1, name).Integer(4, TypeOf(value)));

        experiment.Message(5, new ProtobufMessage().Message(1, new ProtobufMessage().Text(2, metricTag)).Text(3, metricName));
        return Value("_hparams_/experiment", new ProtobufMessage().Message(2, experiment));
    }

    /// <summary>A run began with these hyperparameters.</summary>
    public static ProtobufMessage Start(Hyperparameters hyperparameters, DateTimeOffset began)
    {
        var start = new ProtobufMessage();
        foreach (var (name, value) in hyperparameters)
            start.Message(1, new ProtobufMessage().Text(1, name).Message(2, Value(value)));

        return Value("_hparams_/session_start_info", new ProtobufMessage().Message(3, start.Double(5, EventFile.Seconds(began))));
    }

    /// <summary>A run ended.</summary>
    public static ProtobufMessage End(bool failed, DateTimeOffset ended) =>
        Value("_hparams_/session_end_info", new ProtobufMessage().Message(4, new ProtobufMessage().Integer(1, failed ? Failure : Success).Double(2, EventFile.Seconds(ended))));

    private static ProtobufMessage Value(string tag, ProtobufMessage data) =>
        new ProtobufMessage().Text(1, tag).Message(9, new ProtobufMessage().Message(1, new ProtobufMessage().Text(1, Name).Message(2, data)));

    /// <summary>A google.protobuf.Value.</summary>
    private static ProtobufMessage Value(HyperparameterValue value) => value.Kind switch
    {
        HyperparameterValueKind.Text => new ProtobufMessage().Text(3, value.Text),
        HyperparameterValueKind.Bool => new ProtobufMessage().Bool(4, value.Truth),
        _ => new ProtobufMessage().Double(2, value.Number),
    };

    private static int TypeOf(HyperparameterValue value) => value.Kind switch
    {
        HyperparameterValueKind.Text => TextType,
        HyperparameterValueKind.Bool => BoolType,
        _ => NumberType,
    };
}
