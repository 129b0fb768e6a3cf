using Pbt.Core.SearchSpaces;

namespace Pbt.Dashboard.Views;

/// <summary>Every set of hyperparameters that any member was given, in the order of the log.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class HyperparameterTable
{
    private readonly List<(long Version, Hyperparameters Values)> _sets = [];
    private readonly List<int> _ofMember = [];

    /// <summary>The sets.</summary>
    public IReadOnlyList<(long Version, Hyperparameters Values)> Sets => _sets;

    /// <summary>Gives the next member its first set.</summary>
    public void AddMember(long version, Hyperparameters values)
    {
        _ofMember.Add(_sets.Count);
        _sets.Add((version, values));
    }

    /// <summary>Gives a member new values.</summary>
    public void Change(long version, int member, Hyperparameters values)
    {
        _ofMember[member] = _sets.Count;
        _sets.Add((version, values));
    }

    /// <summary>The row of a member's present values.</summary>
    public int Of(int member) => _ofMember[member];

    /// <summary>The first set after a version.</summary>
    public int FirstAfter(long version) => Ascending.FirstAfter(_sets, static set => set.Version, version);
}
