using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population.Snapshots;

/// <summary>Single hyperparameters as bytes; those of many intervals share their names, which <see cref="IntervalChunk"/> sees to.</summary>
internal static class HyperparametersCodec
{
    private const int LeastEntry = 3;

    public static void Write(SnapshotWriter writer, Hyperparameters hyperparameters)
    {
        writer.Number((ulong)hyperparameters.Count);
        for (var i = 0; i < hyperparameters.Count; i++)
        {
            var (name, value) = hyperparameters[i];
            writer.Text(name);
            writer.Number((ulong)value.Kind);
            if (value.Kind == HyperparameterValueKind.Text)
                writer.Text(value.Text);
            else
                WriteNumber(writer, value);
        }
    }

    public static Hyperparameters Read(ref SnapshotReader reader)
    {
        var count = reader.Count(LeastEntry);
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, HyperparameterValue>>(count);
        for (var i = 0; i < count; i++)
        {
            var name = reader.Text();
            var kind = reader.Choice<HyperparameterValueKind>();
            entries.Add(new(name, kind == HyperparameterValueKind.Text ? HyperparameterValue.Of(reader.Text()) : ReadNumber(ref reader, kind)));
        }

        return new(entries.MoveToImmutable());
    }

    /// <summary>Writes a value that is no text.</summary>
    public static void WriteNumber(SnapshotWriter writer, HyperparameterValue value)
    {
        switch (value.Kind)
        {
            case HyperparameterValueKind.Float:
                writer.Double(value.Number);
                break;
            case HyperparameterValueKind.Int:
                writer.Signed(value.Integer);
                break;
            default:
                writer.Number(value.Truth ? 1UL : 0UL);
                break;
        }
    }

    /// <summary>Reads a value that is no text.</summary>
    public static HyperparameterValue ReadNumber(ref SnapshotReader reader, HyperparameterValueKind kind)
    {
        switch (kind)
        {
            case HyperparameterValueKind.Float:
                var number = reader.Double();
                SnapshotReader.Expect(double.IsFinite(number));
                return HyperparameterValue.Of(number);
            case HyperparameterValueKind.Int:
                return HyperparameterValue.Of(reader.Signed());
            default:
                return HyperparameterValue.Of(reader.Bool());
        }
    }
}
