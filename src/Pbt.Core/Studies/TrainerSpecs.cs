using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>What trains.</summary>
public abstract record TrainerSpec
{
    /// <summary>How often an interval may fail by the trainer's own fault before its member is rescued. Default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>How long one attempt may take; null is no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a trainer may go on when its worker is asked to stop, before it is ended. Default 10 s.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A program that a worker starts.</summary>
public abstract record ProgramTrainerSpec : TrainerSpec
{
    /// <summary>The program and its arguments; never given to a shell.</summary>
    public required ImmutableArray<CommandArgument> Command { get; init; }

    /// <summary>Where it runs; absolute once read. Default the folder of the spec.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Environment variables set besides the inherited ones.</summary>
    public ImmutableSortedDictionary<string, VariableValue> Environment { get; init; } = ImmutableSortedDictionary<string, VariableValue>.Empty;
}

/// <summary>A program that is started once for each interval.</summary>
public sealed record CommandTrainerSpec : ProgramTrainerSpec
{
    /// <summary>Where the score is found.</summary>
    public ScoreSource Score { get; init; } = new ResultScore();
}

/// <summary>A program that stays in memory and speaks the session protocol (docs/protocol.md).</summary>
public sealed record SessionTrainerSpec : ProgramTrainerSpec
{
    /// <summary>How long it may take from its start until it has connected and said hello. Default 10 min.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it may be silent while it trains, if it has promised not to be, before it counts as hung. Default 1 min.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Where the value of an environment variable comes from.</summary>
public abstract record VariableValue;

/// <summary>From the spec: a text with placeholders. Everybody who may read the study reads it.</summary>
/// <param name="Template">The text.</param>
public sealed record TextValue(string Template) : VariableValue;

/// <summary>From the environment of the worker, when the trainer is started; only the name is ever written down.</summary>
/// <param name="Name">The variable's name there.</param>
public sealed record FromEnvironmentValue(string Name) : VariableValue;

/// <summary>A trainer that comes with pbt, by name: <c>quadratic</c>, <c>plain</c>, <c>deceptive</c> or <c>triangle</c>.</summary>
public sealed record BuiltinTrainerSpec(string Builtin) : TrainerSpec;

/// <summary>A .NET trainer that the hosting program supplies.</summary>
public sealed record InProcessTrainerSpec : TrainerSpec;

/// <summary>A second program that gives the score of an attempt's checkpoint.</summary>
public sealed record EvaluateSpec
{
    /// <summary>The program and its arguments.</summary>
    public required ImmutableArray<CommandArgument> Command { get; init; }

    /// <summary>How long it may take; null is no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Where the score is found.</summary>
    public ScoreSource Score { get; init; } = new ResultScore();
}

/// <summary>One argument, or a group of arguments that is dropped as a whole when a placeholder in it is empty.</summary>
/// <param name="Parts">The arguments, with placeholders such as <c>{learning_rate}</c>; <c>{{</c> and <c>}}</c> are braces.</param>
/// <param name="Droppable">Whether an empty placeholder drops the group.</param>
/// <param name="Line">Where it stands in the spec, from 1; 0 where unknown.</param>
/// <param name="Column">Where it stands in its line, from 1; 0 where unknown.</param>
public sealed record CommandArgument(ImmutableArray<string> Parts, bool Droppable, int Line = 0, int Column = 0);

/// <summary>Where the score is found.</summary>
public abstract record ScoreSource;

/// <summary>In the result file if there is one, else in the last line of standard output that is a JSON object. The default.</summary>
public sealed record ResultScore : ScoreSource;

/// <summary>In the result file only: <c>score: { from: result_file }</c>.</summary>
public sealed record ResultFileScore : ScoreSource;

/// <summary>In the last line of standard output that is a JSON object: <c>score: { from: last_json_line }</c>.</summary>
public sealed record LastJsonLineScore : ScoreSource;

/// <summary>The last match of a regular expression in standard output: <c>score: { regex: 'return ([-0-9.e+]+)' }</c>.</summary>
/// <param name="Pattern">Its first group, or the group named <c>score</c>, is the number.</param>
public sealed record RegexScore(string Pattern) : ScoreSource;
