using System.Globalization;
using System.Text.Json;

namespace Pbt.Chaos.Checks;

/// <summary>What a journal says, folded by other code than pbt's, with what must never be in one.</summary>
internal sealed class History
{
    private sealed class Member(string hyperparameters)
    {
        public string Hyperparameters { get; set; } = hyperparameters;

        public CheckpointName? Start { get; set; }

        public int Intervals { get; set; }

        public List<CheckpointName> Kept { get; } = [];
    }

    private sealed record Attempt(long Id, int Member, int Interval, string Worker, CheckpointName? Start, int Seed, long Version);

    private readonly List<Member> _members = [];
    private readonly HashSet<string> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Attempt> _running = [];
    private readonly HashSet<long> _ended = [];
    private readonly HashSet<(int Member, int Interval)> _counted = [];
    private readonly Dictionary<CheckpointName, Produced> _produced = [];
    private readonly Dictionary<CheckpointName, int> _order = [];
    private readonly HashSet<CheckpointName> _damaged = [];
    private readonly List<Violation> _violations = [];
    private JsonElement _spec;

    private History()
    {
    }

    public IReadOnlyList<Violation> Violations => _violations;

    /// <summary>Every completed interval by its checkpoint.</summary>
    public IReadOnlyDictionary<CheckpointName, Produced> Produced => _produced;

    /// <summary>The checkpoints that pbt found damaged.</summary>
    public IReadOnlySet<CheckpointName> Damaged => _damaged;

    /// <summary>What each member goes on from, and what it started from last.</summary>
    public IEnumerable<CheckpointName> Starts => _members.Select(static m => m.Start).OfType<CheckpointName>();

    /// <summary>What the running attempts started from.</summary>
    public IEnumerable<CheckpointName> InUse => _running.Values.Select(static a => a.Start).OfType<CheckpointName>();

    /// <summary>The attempts that are running at the end.</summary>
    public IReadOnlyCollection<long> Running => _running.Keys;

    /// <summary>Whether the study has ended well.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The kinds of failed attempts with their reasons.</summary>
    public List<(string Kind, string Reason)> Failures { get; } = [];

    public static History Of(IEnumerable<JournalLine> lines)
    {
        var history = new History();
        foreach (var line in lines)
            history.Apply(line);

        return history;
    }

    /// <summary>The checkpoints that somebody needs: each member's current one, its last ones, and the best.</summary>
    public IReadOnlySet<CheckpointName> Needed()
    {
        var needed = new HashSet<CheckpointName>();
        var keeping = _spec.TryGetProperty("checkpoints", out var section) ? section : default;
        var last = Keep(keeping, "keep_last", 2);
        foreach (var member in _members)
        {
            if (member.Start is { } start)
                needed.Add(start);

            needed.UnionWith(member.Kept.TakeLast(last));
        }

        needed.UnionWith(InUse);
        needed.ExceptWith(_damaged);

        // What moves up among the best when one of them is damaged depends on what was still there then: not followed here.
        if (_damaged.Count > 0)
            return needed;

        // Of equal scores the earlier is the better.
        var best = _produced.Values.OrderByDescending(static p => p.Score).ThenBy(p => OrderOf(p.Name)).Take(Keep(keeping, "keep_best", 3));
        needed.UnionWith(best.Select(static p => p.Name));
        return needed;
    }

    private int OrderOf(CheckpointName name) => _order[name];

    private static int Keep(JsonElement section, string key, int otherwise) =>
        section.ValueKind == JsonValueKind.Object && section.TryGetProperty(key, out var value) ? Math.Max(1, value.GetInt32()) : otherwise;

    private void Apply(JournalLine line)
    {
        switch (line.Type)
        {
            case "study_created":
                _spec = line.Data.GetProperty("spec");
                break;
            case "member_created":
                _members.Add(new Member(line.Data.GetProperty("hyperparameters").GetRawText()));
                break;
            case "worker_joined":
                if (!_workers.Add(line.String("worker")))
                    Add(Invariant.Fenced, "a worker joins twice", line);

                break;
            case "worker_left" or "worker_lost":
                Remove(line);
                break;
            case "attempt_started":
                Start(line);
                break;
            case "attempt_released":
                End(line);
                break;
            case "attempt_failed":
                Fail(line);
                break;
            case "interval_completed":
                Complete(line);
                break;
            case "member_decided":
                Decide(line);
                break;
            case "checkpoint_damaged":
                Damage(line);
                break;
            case "member_recovered":
                _members[line.Int("member")].Start = null;
                Decide(line);
                break;
            case "study_ended":
                IsCompleted = line.String("outcome") == "completed";
                _running.Clear();
                break;
        }
    }

    private void Remove(JournalLine line)
    {
        var worker = line.String("worker");
        if (!_workers.Remove(worker))
            Add(Invariant.Fenced, "a worker ends that is not there", line);

        foreach (var lost in _running.Values.Where(a => a.Worker == worker).ToList())
        {
            _running.Remove(lost.Id);
            _ended.Add(lost.Id);
        }
    }

    private void Start(JournalLine line)
    {
        var start = line.Find("checkpoint_in")?.GetString() is { } text ? CheckpointName.Parse(text) : null;
        var attempt = new Attempt(line.Long("attempt"), line.Int("member"), line.Int("interval"), line.String("worker"), start, line.Int("seed"), line.Version);
        var member = _members[attempt.Member];
        if (_ended.Contains(attempt.Id) || !_running.TryAdd(attempt.Id, attempt))
            Add(Invariant.CountedOnce, "an attempt starts twice", line);

        if (_running.Values.Any(a => a.Member == attempt.Member && a.Id != attempt.Id))
            Add(Invariant.CountedOnce, "a member runs twice at a time", line);

        if (!_workers.Contains(attempt.Worker))
            Add(Invariant.Fenced, "a worker starts an attempt that is not there", line);

        if (attempt.Interval != member.Intervals + 1)
            Add(Invariant.CountedOnce, $"interval {member.Intervals + 1} is the next", line);

        if (attempt.Start != member.Start)
            Add(Invariant.Checkpoints, $"it must start from {member.Start?.ToString() ?? "scratch"}", line);
    }

    private Attempt? End(JournalLine line)
    {
        var id = line.Long("attempt");
        if (_running.Remove(id, out var attempt))
        {
            _ended.Add(id);
            return attempt;
        }

        Add(Invariant.Fenced, _ended.Contains(id) ? "an attempt ends that was lost or had ended" : "an attempt ends that never started", line);
        return null;
    }

    private void Fail(JournalLine line)
    {
        Failures.Add((line.String("kind"), line.String("reason")));
        if (End(line) is not { } attempt || !line.Data.GetProperty("exhausted").GetBoolean())
            return;

        _members[attempt.Member].Intervals++;
        if (!_counted.Add((attempt.Member, attempt.Interval)))
            Add(Invariant.CountedOnce, "it had ended", line);
    }

    private void Complete(JournalLine line)
    {
        if (End(line) is not { } attempt)
            return;

        var member = _members[attempt.Member];
        member.Intervals++;
        if (!_counted.Add((attempt.Member, attempt.Interval)))
            Add(Invariant.CountedOnce, "it had ended", line);

        var name = new CheckpointName(attempt.Member, attempt.Interval, attempt.Id);
        if (attempt.Start is { } from && !_produced.ContainsKey(from))
            Add(Invariant.Checkpoints, $"it started from {from}, which nobody completed", line);

        _order[name] = _order.Count;
        _produced[name] = new Produced(name, attempt.Start, member.Hyperparameters, attempt.Seed, line.Data.GetProperty("score").GetDouble(), attempt.Version);
        member.Start = name;
        member.Kept.Add(name);
    }

    private void Decide(JournalLine line)
    {
        var member = _members[line.Int("member")];
        if (line.Find("hyperparameters") is { } hyperparameters)
            member.Hyperparameters = hyperparameters.GetRawText();

        if (line.Find("checkpoint")?.GetString() is not { } text)
            return;

        member.Start = CheckpointName.Parse(text);
        if (member.Start is not { } inherited || !_produced.ContainsKey(inherited))
            Add(Invariant.Checkpoints, "nobody completed what is inherited", line);
    }

    private void Damage(JournalLine line)
    {
        if (CheckpointName.Parse(line.String("checkpoint")) is not { } damaged || !_produced.ContainsKey(damaged) || !_damaged.Add(damaged))
        {
            Add(Invariant.Checkpoints, "what is damaged was never completed, or was known to be", line);
            return;
        }

        foreach (var member in _members)
            member.Kept.Remove(damaged);
    }

    private void Add(string invariant, string what, JournalLine line) =>
        _violations.Add(new Violation(invariant, string.Create(CultureInfo.InvariantCulture, $"{what}, at version {line.Version}: {line.Text}")));
}
