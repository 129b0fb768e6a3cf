namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>evaluate</c>.</summary>
internal static class EvaluateSection
{
    /// <summary>Reads the second program, if there is one.</summary>
    public static EvaluateSpec? Read(SpecValue? value, DeclaredSpace space)
    {
        if (value?.Section(SpecSections.Evaluate) is not { } section)
            return null;

        var command = section.Required("command", "write command: [python3, eval.py, --load, \"{checkpoint_out}\"]");
        var timeout = section.Value("timeout")?.Duration();
        var score = CommandSection.Score(section.Value("score"), SpecSections.EvaluateScore);
        return command is not null && CommandSection.Arguments(command, space) is { } arguments
            ? new() { Command = arguments, Timeout = timeout, Score = score }
            : null;
    }
}
