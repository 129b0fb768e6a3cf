using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Tests;

internal static class TestSpecs
{
    /// <summary>A study whose trainer is this command.</summary>
    public static StudySpec Command(params string[] command) => Base with
    {
        Trainer = new CommandTrainerSpec
        {
            Command = [.. command.Select(static part => new CommandArgument([part], Droppable: false))],
            WorkingDirectory = Path.GetTempPath(),
        },
    };

    /// <summary>A study whose trainer is a script given to sh.</summary>
    public static StudySpec Shell(string script) => Command("/bin/sh", "-c", script.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>The paper's toy, with two members or more.</summary>
    public static StudySpec Quadratic { get; } = Base with
    {
        Hyperparameters = new SearchSpace([new FloatHyperparameter("h0", 0, 10, Scale.Linear), new FloatHyperparameter("h1", 0, 10, Scale.Linear)]),
        Trainer = new BuiltinTrainerSpec("quadratic"),
    };

    private static StudySpec Base => new()
    {
        Name = "test",
        Seed = 7,
        Population = 4,
        Objective = new Objective("score", Goal.Maximize),
        Interval = new IntervalLength(10, null),
        Budget = new Budget(Intervals: 3),
        Hyperparameters = new SearchSpace([new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log)]),
        Trainer = new InProcessTrainerSpec(),
    };

    /// <summary>Changes the trainer, which is a command.</summary>
    public static StudySpec WithTrainer(this StudySpec spec, Func<CommandTrainerSpec, CommandTrainerSpec> change) =>
        spec with { Trainer = change((CommandTrainerSpec)spec.Trainer) };

    public static ImmutableSortedDictionary<string, VariableValue> Variables(params (string Name, string Value)[] variables) =>
        variables.ToImmutableSortedDictionary(static v => v.Name, static VariableValue (v) => new TextValue(v.Value), StringComparer.Ordinal);
}
