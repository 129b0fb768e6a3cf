using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>trainer</c>.</summary>
internal static class TrainerSection
{
    private const string Hint = "write trainer: { command: [python3, train.py, …] } or trainer: { builtin: quadratic }";

    /// <summary>Reads what trains.</summary>
    public static TrainerSpec? Read(SectionReader root, DeclaredSpace space, string directory)
    {
        if (root.Required("trainer", Hint)?.Section(SpecSections.Trainer) is not { } section || Kind(section) is not { } kind)
            return null;

        section.ReportForeign("kind of trainer", kind, Vocabulary.TrainerKeys);
        TrainerSpec? trainer = kind switch
        {
            "builtin" => Builtin(section, space),
            "in_process" => new InProcessTrainerSpec(),
            "session" => Session(section, space, directory),
            _ => Command(section, space, directory),
        };
        var standard = new InProcessTrainerSpec();
        var maxAttempts = section.Value("max_attempts")?.Int(1) ?? standard.MaxAttempts;
        var timeout = section.Value("timeout")?.Duration();
        var grace = section.Value("grace")?.Duration(TimeSpan.Zero) ?? standard.Grace;
        return trainer is null ? null : trainer with { MaxAttempts = maxAttempts, Timeout = timeout, Grace = grace };
    }

    private static string? Kind(SectionReader section)
    {
        if (section.Value("protocol") is { } protocol)
            return protocol.Kind(Vocabulary.Protocols, [], "protocol");

        if (section.Has("builtin"))
            return "builtin";

        if (section.Has("command"))
            return "command";

        section.Fail($"nothing says what trains; {Hint}");
        return null;
    }

    private static BuiltinTrainerSpec? Builtin(SectionReader section, DeclaredSpace space)
    {
        var value = section.Value("builtin")!;
        if (value.Kind([.. Vocabulary.BuiltinTrainers.Keys.Order(StringComparer.Ordinal)], [], "built-in trainer") is not { } name)
            return null;

        foreach (var needed in Vocabulary.BuiltinTrainers[name])
        {
            if (!space.Has(needed))
                value.Fail($"the built-in trainer {name} needs the float hyperparameter '{needed}', which is not defined");
            else if (space.Space?.Find(needed) is { } definition and not FloatHyperparameter)
                value.Fail($"the built-in trainer {name} needs '{needed}' to be a float; it is {definition.Describe()}");
        }

        return new(name);
    }

    private static CommandTrainerSpec? Command(SectionReader section, DeclaredSpace space, string directory)
    {
        var command = section.Required("command", "write command: [python3, train.py, --lr, \"{learning_rate}\"]");
        var arguments = command is null ? null : CommandSection.Arguments(command, space);
        var workingDirectory = WorkingDirectory(section, directory);
        var environment = Environment(section.Value("env"), (value, text) => CommandSection.CheckPlaceholders(value, text, space));
        var score = CommandSection.Score(section.Value("score"), SpecSections.TrainerScore);
        return arguments is null || workingDirectory is null
            ? null
            : new() { Command = arguments.Value, WorkingDirectory = workingDirectory, Environment = environment, Score = score };
    }

    private static SessionTrainerSpec? Session(SectionReader section, DeclaredSpace space, string directory)
    {
        var command = section.Required("command", "write command: [python3, train.py]");
        var arguments = command is null ? null : CommandSection.Arguments(command, CheckConstant);
        var workingDirectory = WorkingDirectory(section, directory);
        var environment = Environment(section.Value("env"), CheckConstant);
        var startTimeout = section.Value("start_timeout")?.Duration();
        var silence = section.Value("silence")?.Duration();
        if (arguments is null || workingDirectory is null)
            return null;

        var session = new SessionTrainerSpec { Command = arguments.Value, WorkingDirectory = workingDirectory, Environment = environment };
        return session with { StartTimeout = startTimeout ?? session.StartTimeout, Silence = silence ?? session.Silence };

        void CheckConstant(SpecValue value, string text) => CommandSection.CheckConstant(value, text, space);
    }

    private static string? WorkingDirectory(SectionReader section, string directory) =>
        section.Value("working_directory") is { } path ? path.AbsolutePath(directory) : Path.GetFullPath(directory);

    private static ImmutableSortedDictionary<string, VariableValue> Environment(SpecValue? value, Action<SpecValue, string> check)
    {
        // Ordinal, whatever the culture: the order is that of the canonical form.
        var variables = ImmutableSortedDictionary.CreateBuilder<string, VariableValue>(StringComparer.Ordinal);
        foreach (var (name, at, setting) in value?.Entries("its keys are environment variables") ?? [])
        {
            if (SpecNames.VariableObjection(name) is { } objection)
                setting.Errors.Add(at, setting.Path, objection);

            if (IsNamed(setting))
            {
                if (Named(setting, name) is { } named)
                    variables[name] = named;
            }
            else if (setting.Source() is { } text)
            {
                check(setting, text);
                variables[name] = new TextValue(text);
            }
        }

        return variables.ToImmutable();
    }

    /// <summary>Whether the value is a mapping that names a source, rather than a placeholder without its quotes.</summary>
    private static bool IsNamed(SpecValue setting) =>
        setting.Node is MappingNode mapping && mapping.Entries is not [{ Value: ScalarNode { Kind: ScalarKind.Nothing } }];

    private static FromEnvironmentValue? Named(SpecValue setting, string variable)
    {
        if (setting.Section(SpecSections.TrainerVariable) is not { } section)
            return null;

        if (section.Required("from_environment", "write { from_environment: NAME }, the name of a variable where the worker runs") is not { } value || value.Text() is not { } name)
            return null;

        // A message must not repeat it: it may be the secret itself, written where its name belongs.
        if (!SpecNames.IsPortableVariable(name))
        {
            value.Fail("this is no variable's name: letters (a to z), digits and '_', no digit at the start, without '$'. Never write a secret itself into a spec");
            return null;
        }

        // It stands in messages about programs that are not found, and is inherited anyway.
        if (variable is "PATH")
            setting.Fail("PATH is inherited, and no secret; write it as a text to change it");

        return new(name);
    }
}
