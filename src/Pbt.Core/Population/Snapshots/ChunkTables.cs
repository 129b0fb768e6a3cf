using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population.Snapshots;

/// <summary>What the records of a chunk share: texts, lists of hyperparameters and lists of metrics.</summary>
internal readonly struct ChunkTables
{
    private const int LeastHyperparameter = 2;
    private readonly string[] _texts;
    private readonly int _textCount;
    private readonly (int Name, HyperparameterValueKind Kind)[][] _hyperparameters;
    private readonly int[][] _metrics;

    /// <summary>Reads the tables; to check only, without the texts.</summary>
    public ChunkTables(ref SnapshotReader reader, bool check = false)
    {
        _textCount = reader.Count();
        _texts = check ? [] : new string[_textCount];
        for (var i = 0; i < _textCount; i++)
        {
            if (check)
                reader.SkipText();
            else
                _texts[i] = reader.Text();
        }

        _hyperparameters = new (int, HyperparameterValueKind)[reader.Count()][];
        for (var i = 0; i < _hyperparameters.Length; i++)
            _hyperparameters[i] = ReadHyperparameterList(ref reader);

        _metrics = new int[reader.Count()][];
        for (var i = 0; i < _metrics.Length; i++)
            _metrics[i] = ReadMetricList(ref reader);
    }

    public Hyperparameters ReadHyperparameters(ref SnapshotReader reader)
    {
        var list = _hyperparameters[reader.Below(_hyperparameters.Length)];
        var entries = new KeyValuePair<string, HyperparameterValue>[list.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var (name, kind) = list[i];
            var value = kind == HyperparameterValueKind.Text ? HyperparameterValue.Of(_texts[reader.Below(_textCount)]) : HyperparametersCodec.ReadNumber(ref reader, kind);
            entries[i] = new(_texts[name], value);
        }

        return new(ImmutableCollectionsMarshal.AsImmutableArray(entries));
    }

    public void CheckHyperparameters(ref SnapshotReader reader)
    {
        foreach (var (_, kind) in _hyperparameters[reader.Below(_hyperparameters.Length)])
        {
            if (kind == HyperparameterValueKind.Text)
                reader.Below(_textCount);
            else
                HyperparametersCodec.ReadNumber(ref reader, kind);
        }
    }

    public ImmutableSortedDictionary<string, double> ReadMetrics(ref SnapshotReader reader)
    {
        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var name in _metrics[reader.Below(_metrics.Length)])
            metrics[_texts[name]] = reader.Double();

        return metrics.ToImmutable();
    }

    public void CheckMetrics(ref SnapshotReader reader) =>
        reader.Raw(_metrics[reader.Below(_metrics.Length)].Length * sizeof(double));

    private (int, HyperparameterValueKind)[] ReadHyperparameterList(ref SnapshotReader reader)
    {
        var list = new (int, HyperparameterValueKind)[reader.Count(LeastHyperparameter)];
        for (var i = 0; i < list.Length; i++)
            list[i] = (reader.Below(_textCount), (HyperparameterValueKind)reader.Below((int)HyperparameterValueKind.Bool + 1));

        return list;
    }

    private int[] ReadMetricList(ref SnapshotReader reader)
    {
        var list = new int[reader.Count()];
        for (var i = 0; i < list.Length; i++)
            list[i] = reader.Below(_textCount);

        return list;
    }
}
