namespace Pbt.Core.Population;

/// <summary>One completed interval in the ancestry of the current members.</summary>
/// <remarks>Changed only while its tree is built.</remarks>
public sealed class LineageNode
{
    private readonly List<LineageNode> _children = [];
    private readonly List<MemberId> _holders = [];

    internal LineageNode(CheckpointId id, IntervalRecord record, LineageNode? parent)
    {
        Id = id;
        Record = record;
        Parent = parent;
        parent?._children.Add(this);
    }

    /// <summary>The checkpoint that it produced.</summary>
    public CheckpointId Id { get; }

    /// <summary>What it gave.</summary>
    public IntervalRecord Record { get; }

    /// <summary>The interval whose checkpoint it started from, or null.</summary>
    public LineageNode? Parent { get; }

    /// <summary>The intervals that started from its checkpoint, in the order of members.</summary>
    public IReadOnlyList<LineageNode> Children => _children;

    /// <summary>The members whose current weights are its checkpoint.</summary>
    public IReadOnlyList<MemberId> Holders => _holders;

    /// <summary>Current members whose weights come from its checkpoint, those that hold it included.</summary>
    public int Descendants { get; internal set; }

    internal void AddHolder(MemberId member) => _holders.Add(member);

    internal void Sort() => _children.Sort(InOrder);

    internal static int InOrder(LineageNode a, LineageNode b) =>
        a.Id.Member == b.Id.Member ? a.Id.Interval.CompareTo(b.Id.Interval) : a.Id.Member.CompareTo(b.Id.Member);
}

/// <summary>Where the weights of all current members come from.</summary>
/// <remarks>A pure function of the state at one version; intervals that no current member's weights come from are left out.</remarks>
public sealed class LineageTree
{
    private readonly Dictionary<CheckpointId, LineageNode> _nodes = [];
    private readonly List<LineageNode> _order = [];
    private readonly List<LineageNode> _roots = [];
    private readonly List<MemberId> _untrained = [];

    private LineageTree()
    {
    }

    /// <summary>Every interval, parents before their children.</summary>
    public IReadOnlyList<LineageNode> Nodes => _order;

    /// <summary>The intervals that started from no checkpoint of the study's, in the order of members.</summary>
    public IReadOnlyList<LineageNode> Roots => _roots;

    /// <summary>The members that have no checkpoint yet.</summary>
    public IReadOnlyList<MemberId> Untrained => _untrained;

    /// <summary>The ancestry of every member's current weights.</summary>
    public static LineageTree Of(StudyState state)
    {
        var tree = new LineageTree();
        foreach (var member in state.Members)
        {
            if (member.Phase == MemberPhase.Retired)
                continue;

            if (member.Start is not { } held || tree.Reach(state, held) is not { } node)
            {
                tree._untrained.Add(member.Id);
                continue;
            }

            node.AddHolder(member.Id);
            for (var ancestor = node; ancestor is not null; ancestor = ancestor.Parent)
                ancestor.Descendants++;
        }

        foreach (var node in tree._order)
            node.Sort();

        tree._roots.Sort(LineageNode.InOrder);
        return tree;
    }

    /// <summary>The checkpoint's node; it and those of its ancestors are made if they are missing.</summary>
    private LineageNode? Reach(StudyState state, CheckpointId checkpoint)
    {
        var missing = new Stack<(CheckpointId Id, IntervalRecord Record)>();
        LineageNode? node = null;
        for (CheckpointId? next = checkpoint; next is { } id && !_nodes.TryGetValue(id, out node);)
        {
            if (state.Find(id) is not { } record)
                break;

            missing.Push((id, record));
            next = record.Start;
        }

        while (missing.TryPop(out var made))
        {
            node = new LineageNode(made.Id, made.Record, node);
            _nodes.Add(made.Id, node);
            _order.Add(node);
            if (node.Parent is null)
                _roots.Add(node);
        }

        return node;
    }
}
