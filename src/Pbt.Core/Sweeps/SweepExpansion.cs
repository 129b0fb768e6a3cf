using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>A spec file that a sweep names, as it was found.</summary>
/// <param name="File">The name that errors show.</param>
/// <param name="Directory">The absolute folder that relative paths in it are relative to.</param>
/// <param name="Text">What it holds, or null if it cannot be read.</param>
/// <param name="Objection">Why it cannot be read, as a clause.</param>
public sealed record SpecSource(string File, string Directory, string? Text, string? Objection = null);

/// <summary>One study of a sweep, with all its seeds.</summary>
/// <param name="Name">Its name, which no other study of the sweep has.</param>
/// <param name="Spec">Its spec, with the first of its seeds.</param>
/// <param name="Seeds">The seeds of its runs, each once.</param>
/// <param name="Settings">What its list and grid set: keys and values, as text.</param>
public sealed record SweptStudy(string Name, StudySpec Spec, ImmutableArray<ulong> Seeds, ImmutableArray<KeyValuePair<string, string>> Settings);

/// <summary>What expanding a sweep gave: all its studies, or everything that is wrong with any of them.</summary>
public abstract record SweepExpansionResult
{
    private SweepExpansionResult()
    {
    }

    /// <summary>Every study has a valid spec.</summary>
    /// <param name="Studies">In the order of the file: item after item of a list, the last key of a grid fastest.</param>
    public sealed record Expanded(ImmutableArray<SweptStudy> Studies) : SweepExpansionResult;

    /// <summary>Some have not.</summary>
    /// <param name="Errors">At least one, each once, with the studies that have it.</param>
    public sealed record Invalid(ImmutableArray<SpecError> Errors) : SweepExpansionResult;
}

/// <summary>Expands a sweep to its studies.</summary>
/// <remarks>Pure. Values are read as if they were written in the spec itself: by the same checks, and with a preset's effect.</remarks>
public static class SweepExpansion
{
    private const int MostNamed = 3;

    /// <summary>Expands it; never throws for what it holds.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="sources">The specs that it names, by their paths as written.</param>
    public static SweepExpansionResult Of(Sweep sweep, IReadOnlyDictionary<string, SpecSource> sources)
    {
        var expanding = new Expanding(sweep);
        foreach (var entry in sweep.Entries)
            expanding.Add(entry, sources[entry.Spec]);

        return expanding.Result();
    }

    private sealed class Expanding(Sweep sweep)
    {
        private readonly List<(SweepEntry Entry, SweptStudy Study)> _studies = [];
        private readonly List<SpecError> _errors = [];
        private readonly Dictionary<SpecError, List<string>> _specErrors = [];
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public void Add(SweepEntry entry, SpecSource source)
        {
            if (source.Text is null)
            {
                Fail(entry.SpecAt, source.Objection ?? "it cannot be read");
                return;
            }

            var errors = new SpecErrors(source.File);
            if (SpecReader.Parse(source.Text, errors) is not { } root)
            {
                // Once, however many entries name it.
                _errors.AddRange(errors.InOrder().Except(_errors));
                return;
            }

            var combinations = entry.Combinations().ToList();
            var own = OwnName(root);
            var names = SweepNames.Of(own, combinations);
            for (var i = 0; i < combinations.Count; i++)
            {
                var all = sweep.Set.AddRange(entry.Set).AddRange(combinations[i]);
                if (entry.Name is null)
                    Add(entry, source, root, names[i], all, combinations[i]);
                else if (SweepNames.By(entry.Name, own, all, out var objection) is { } name)
                    Add(entry, source, root, name, all, combinations[i]);
                else
                    Fail(entry.NameAt, $"name: {objection}");
            }
        }

        public SweepExpansionResult Result()
        {
            foreach (var (error, names) in _specErrors)
                _errors.Add(names.Count == _names.Count ? error : error with { Message = $"{error.Message} (in {In(names)})" });

            if (_errors.Count == 0)
                CheckDifferent();

            return _errors.Count > 0
                ? new SweepExpansionResult.Invalid([.. _errors.Distinct().Take(SpecErrors.Most)])
                : new SweepExpansionResult.Expanded([.. _studies.Select(static s => s.Study)]);
        }

        private static string OwnName(SpecNode root) =>
            root is MappingNode mapping && mapping.Entries.FirstOrDefault(static e => e.Key is "name").Value is ScalarNode { Text: var name } && SpecNames.StudyObjection(name) is null ? name : "study";

        private static string In(List<string> names) =>
            names.Count <= MostNamed ? string.Join(", ", names) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more");

        private void Add(SweepEntry entry, SpecSource source, SpecNode root, string name, ImmutableArray<SweepSetting> all, ImmutableArray<SweepSetting> own)
        {
            var errors = new SpecErrors(source.File);
            var node = root;
            foreach (var setting in all)
                node = SpecEdit.Set(node, setting.Key, Unplaced(setting.Value), errors);

            // A spec without a name is to be told so.
            if (node is MappingNode mapping && mapping.Entries.Any(static e => e.Key is "name"))
                node = SpecEdit.Set(node, "name", new ScalarNode(default, name, quoted: true), errors);

            var read = errors.None ? StudySection.Read(new SpecValue(node, "", errors), source.Directory) : null;
            _names.Add(name);
            if (read is null || !errors.None)
            {
                foreach (var error in errors.InOrder())
                    Note(Placed(error, entry, all), name);

                return;
            }

            var seeds = entry.Seeds.IsEmpty ? [read.Seed] : entry.Seeds;
            _studies.Add((entry, new(name, read with { Seed = seeds[0] }, seeds, [.. own.Select(static s => KeyValuePair.Create(s.Key, NodeText.Of(s.Value)))])));
        }

        private void Note(SpecError error, string name)
        {
            if (!_specErrors.TryGetValue(error, out var names))
                _specErrors[error] = names = [];

            if (!names.Contains(name, StringComparer.Ordinal))
                names.Add(name);
        }

        /// <summary>The error of what the sweep sets, at the place where it sets it.</summary>
        private SpecError Placed(SpecError error, SweepEntry entry, ImmutableArray<SweepSetting> all)
        {
            if (error.Line > 0)
                return error;

            var setting = all.LastOrDefault(s => IsBelow(error.Path, s.Key)) ?? all.LastOrDefault(s => IsBelow(s.Key, error.Path));
            var at = setting?.At ?? entry.At;
            return error with { File = sweep.File, Line = at.Line, Column = at.Column };
        }

        private static bool IsBelow(string path, string key) =>
            path.StartsWith(key, StringComparison.Ordinal) && (path.Length == key.Length || path[key.Length] is '.' or '[');

        private void CheckDifferent()
        {
            foreach (var same in _studies.GroupBy(static s => s.Study.Name, StringComparer.Ordinal).Where(static g => g.Count() > 1))
            {
                var (entry, study) = same.ElementAt(1);
                Fail(entry.At, string.Create(CultureInfo.InvariantCulture, $"{same.Count()} studies are called {study.Name}, and runs of one name and seed share a directory; put what differs into name, such as name: \"{{name}}-a\""));
            }

            foreach (var same in _studies.GroupBy(static s => SpecWriter.ToJson(s.Study.Spec with { Name = "same", Seed = 0 }), StringComparer.Ordinal))
            {
                var runs = new Dictionary<ulong, string>();
                foreach (var (entry, study) in same)
                {
                    foreach (var seed in study.Seeds)
                    {
                        if (!runs.TryAdd(seed, study.Name) && !string.Equals(runs[seed], study.Name, StringComparison.Ordinal))
                            Fail(entry.At, string.Create(CultureInfo.InvariantCulture, $"{study.Name} with seed {seed} is the same study as {runs[seed]}; remove one of them"));
                    }
                }
            }
        }

        private void Fail(SourcePosition at, string message) => _errors.Add(new(sweep.File, at.Line, at.Column, "studies", message));

        /// <summary>The node without its place, which is in another file than the rest of the spec.</summary>
        private static SpecNode Unplaced(SpecNode node) => node switch
        {
            ListNode list => new ListNode(default, [.. list.Items.Select(Unplaced)]),
            MappingNode mapping => new MappingNode(default, [.. mapping.Entries.Select(static e => new MappingEntry(e.Key, default, Unplaced(e.Value)))]),
            ScalarNode scalar => scalar.Unplaced(),
            _ => throw new NotSupportedException(),
        };
    }
}
