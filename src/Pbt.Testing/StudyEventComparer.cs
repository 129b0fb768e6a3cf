using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Testing;

/// <summary>Says whether two events say exactly the same; lists by content, numbers by their bits.</summary>
/// <remarks>Stateless and thread-safe.</remarks>
public sealed class StudyEventComparer : IEqualityComparer<StudyEvent>
{
    /// <summary>The comparer.</summary>
    public static readonly StudyEventComparer Instance = new();

    private StudyEventComparer()
    {
    }

    /// <inheritdoc/>
    public bool Equals(StudyEvent? x, StudyEvent? y) => (x, y) switch
    {
        (StudyCreated a, StudyCreated b) => a.Format == b.Format && string.Equals(a.PbtVersion, b.PbtVersion, StringComparison.Ordinal) && Same(a.Spec, b.Spec),
        (StudyForked a, StudyForked b) => a with { Checkpoints = b.Checkpoints } == b && a.Checkpoints.SequenceEqual(b.Checkpoints),
        (SpecChanged a, SpecChanged b) => Same(a.Spec, b.Spec) && a.Changes.SequenceEqual(b.Changes, StringComparer.Ordinal),
        (IntervalCompleted a, IntervalCompleted b) => a.Attempt == b.Attempt && Same(a.Score, b.Score) && a.Steps == b.Steps && Same(a.Seconds, b.Seconds) &&
            a.Samples.Select(BitConverter.DoubleToInt64Bits).SequenceEqual(b.Samples.Select(BitConverter.DoubleToInt64Bits)) &&
            a.Metrics.Keys.SequenceEqual(b.Metrics.Keys, StringComparer.Ordinal) && a.Metrics.Keys.All(key => Same(a.Metrics[key], b.Metrics[key])),
        _ => object.Equals(x, y),
    };

    /// <inheritdoc/>
    public int GetHashCode(StudyEvent obj) => obj.GetType().GetHashCode();

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static bool Same(StudySpec a, StudySpec b) => string.Equals(SpecWriter.ToJson(a), SpecWriter.ToJson(b), StringComparison.Ordinal);
}
