using Pbt.Core.Population;

namespace Pbt.Dashboard.Figures;

/// <summary>Where the intervals of the members' present lineages are in their tree.</summary>
/// <remarks>
/// Who branches off late is beside whom it branched off, so that no branch crosses another; where no member has the weights at a
/// lineage's end, its latest branch goes on in its lane, of several the last member's. The page's web/src/charts/tree.ts does the same.
/// </remarks>
internal sealed class LineageLayout
{
    private LineageLayout(Dictionary<CheckpointId, int> lanes, int count) => (Lanes, Count) = (lanes, count);

    /// <summary>The lane of each interval, by its checkpoint.</summary>
    public IReadOnlyDictionary<CheckpointId, int> Lanes { get; }

    /// <summary>How many lanes there are.</summary>
    public int Count { get; }

    /// <summary>Lays out a tree.</summary>
    public static LineageLayout Of(LineageTree tree)
    {
        var lanes = new Dictionary<CheckpointId, int>();
        var count = 0;
        var open = new Stack<(LineageNode Node, int? Lane)>(tree.Roots.Reverse().Select(static root => (root, (int?)null)));
        while (open.TryPop(out var next))
        {
            var lane = next.Lane ?? count++;
            var side = new List<LineageNode>();
            for (var node = next.Node; node is not null;)
            {
                lanes[node.Id] = lane;
                var onward = Onward(node);
                side.AddRange(node.Children.Where(child => child != onward));
                node = onward;
            }

            // The latest is taken from the stack first, and so gets the lane beside this one.
            foreach (var branch in side)
                open.Push((branch, null));
        }

        return new LineageLayout(lanes, count);
    }

    /// <summary>The child that goes on in its parent's lane: the same member's, or the last where nobody stays.</summary>
    private static LineageNode? Onward(LineageNode node) =>
        node.Children.FirstOrDefault(child => child.Id.Member == node.Id.Member) ?? (node.Holders.Count == 0 && node.Children.Count > 0 ? node.Children[^1] : null);
}
