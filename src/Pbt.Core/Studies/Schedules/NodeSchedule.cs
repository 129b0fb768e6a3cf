using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Schedules;

/// <summary>Reads a schedule in YAML or JSON: a list of changes, or a mapping with <c>changes</c>.</summary>
internal static class NodeSchedule
{
    // Where it stands in a study is for people.
    private static readonly SpecSection Change = new("changes[]", ["from_step", "steps", "member", "first_interval", "last_interval", "hyperparameters"]);
    private static readonly SpecSection Whole = new("", ["study", "member", "changes", "schedule"]);

    /// <summary>Reads the schedule, or returns null after recording at least one error.</summary>
    public static RecordedSchedule? Read(string text, SearchSpace space, SpecErrors errors)
    {
        if ((JsonNodes.TryParse(text) ?? YamlNodes.Parse(text, errors)) is not { } root)
            return null;

        var list = new SpecValue(root, "", errors);
        if (root is MappingNode)
        {
            if (list.Section(Whole)?.Required("changes", "name a file that `pbt schedule --export` wrote, or Ray's pbt_policy_*.txt") is not { } changes)
                return null;

            list = changes;
        }

        return Changes(list, new DeclaredSpace([.. space.Definitions.Select(static d => d.Name)], space));
    }

    private static RecordedSchedule? Changes(SpecValue list, DeclaredSpace space)
    {
        if (list.List("[ { from_step: 0, hyperparameters: { … } }, … ]") is not { } items)
            return null;

        if (items.Length == 0)
            list.Fail("the schedule is empty");

        var changes = ImmutableArray.CreateBuilder<HyperparameterChange>();
        var (before, last) = (-1L, (long?)null);
        foreach (var item in items)
        {
            if (list.Errors.Full)
                return null;

            if (item.Section(Change) is not { } section)
                continue;

            var at = section.Required("from_step", "write the trainer steps after which these values hold");
            var step = at?.Integer(0);
            if (step is { } known && ScheduleSection.CheckOrder(known, before) is { } objection)
                at!.Fail(objection);

            (before, last) = (step ?? before, section.Value("steps")?.Integer(1));
            if (section.Required("hyperparameters", "write the value of every hyperparameter") is { } values &&
                GivenHyperparameters.Read(values, space, "change") is { } given && step is not null)
                changes.Add(new(step.Value, given));
        }

        return list.Errors.None ? new(changes.ToImmutable(), before + last, []) : null;
    }
}
