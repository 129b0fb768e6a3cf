namespace Pbt.Docs.Tests.Pages;

/// <summary>A fenced block of a page, and what the comments right above it say of it.</summary>
/// <param name="Line">The line of its opening, from 1.</param>
/// <param name="Language">What follows the opening's backticks.</param>
/// <param name="Text">Its lines, each with its end.</param>
/// <param name="Marks">The comments: <c>not run: REASON</c> is the mark <c>not run</c> with that value.</param>
internal sealed record Fence(int Line, string Language, string Text, IReadOnlyDictionary<string, string> Marks)
{
    /// <summary>Whether it has commands.</summary>
    public bool HasCommands => Language is "sh" or "console";

    /// <summary>What a mark says, or null where there is none.</summary>
    public string? Mark(string name) => Marks.GetValueOrDefault(name);
}
