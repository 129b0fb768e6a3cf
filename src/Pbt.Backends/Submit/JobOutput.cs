using System.Text.Json;
using System.Text.RegularExpressions;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;

namespace Pbt.Backends.Submit;

/// <summary>Reads ids and states from what a scheduler's programs print.</summary>
/// <remarks>Pure. What is printed is another program's: nothing in it is trusted to be well-formed or short.</remarks>
public static class JobOutput
{
    private const int LongestId = 200;
    private const int LongestState = 100;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What a rule finds, or null.</summary>
    /// <param name="rule">Where to look.</param>
    /// <param name="printed">What was printed.</param>
    /// <param name="job">The job's id; empty while it has none.</param>
    /// <param name="name">The job's name.</param>
    /// <exception cref="JobQueueException">A regular expression takes far too long.</exception>
    public static string? Find(OutputRule rule, string printed, string job, string name) => rule switch
    {
        PatternRule { Pattern: var pattern } => Match(pattern, printed, job, name) is { Success: true } match ? match.Groups[1].Value.Trim() : null,
        JsonRule { Paths: var paths } => InJson(paths, printed, text => Fill(text, job, name)),
        _ => throw new NotSupportedException(),
    };

    /// <summary>Whether a regular expression matches.</summary>
    /// <exception cref="JobQueueException">It takes far too long.</exception>
    public static bool Matches(string pattern, string printed, string job, string name) => Match(pattern, printed, job, name).Success;

    /// <summary>Why a text can be no job's id, as a clause; null if it can.</summary>
    /// <remarks>It becomes an argument of other programs: so it is none of their options, and short.</remarks>
    public static string? IdObjection(string id) => id switch
    {
        "" => "it is empty",
        { Length: > LongestId } => $"it has {id.Length} characters",
        ['-', ..] => "it begins with '-', so that the program that cancels would take it for an option",
        _ when id.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)) => "it holds white space",
        _ => null,
    };

    /// <summary>What a scheduler's word for a state means.</summary>
    /// <exception cref="InvalidRequestException">No list of <c>backend.states</c> has it.</exception>
    public static JobPhase PhaseOf(JobStates states, string word, string job)
    {
        if (states.Running.Contains(word, StringComparer.Ordinal))
            return JobPhase.Running;

        if (states.Waiting.Contains(word, StringComparer.Ordinal))
            return JobPhase.Waiting;

        if (states.Completed.Contains(word, StringComparer.Ordinal))
            return JobPhase.Completed;

        if (states.Failed.Contains(word, StringComparer.Ordinal))
            return JobPhase.Failed;

        var shown = word.Length > LongestState ? word[..LongestState] + "…" : word;
        throw new InvalidRequestException(
            $"job {job} is in the state '{shown}', which backend.states does not know; add it to backend.states.waiting, running, completed or failed, and run again: jobs go on meanwhile");
    }

    private static Match Match(string pattern, string printed, string job, string name)
    {
        var filled = pattern.Replace("{job}", Regex.Escape(job), StringComparison.Ordinal).Replace("{name}", Regex.Escape(name), StringComparison.Ordinal);
        try
        {
            return Regex.Match(printed, filled, RegexOptions.CultureInvariant | RegexOptions.Multiline, MatchTimeout);
        }
        catch (RegexMatchTimeoutException slow)
        {
            throw new JobQueueException($"the regular expression '{pattern}' takes more than {MatchTimeout.TotalSeconds} s on what was printed; make it simpler", slow);
        }
    }

    private static string? InJson(IEnumerable<string> paths, string printed, Func<string, string> fill)
    {
        try
        {
            using var document = JsonDocument.Parse(printed);
            return paths.Select(path => JsonPlace.TryParse(path, out _)!.Find(document.RootElement, fill)).FirstOrDefault(static found => found is not null);
        }
        catch (JsonException)
        {
            // Nothing is found in what is no JSON; who asked says what was printed.
            return null;
        }
    }

    private static string Fill(string text, string job, string name) =>
        text.Replace("{job}", job, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal);
}
