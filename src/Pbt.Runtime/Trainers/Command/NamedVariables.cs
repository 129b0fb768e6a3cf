using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Variables of a trainer whose values a worker takes from its own environment: <c>{ from_environment: NAME }</c>.</summary>
/// <remarks>Pure. No message holds a value.</remarks>
public static class NamedVariables
{
    /// <summary>What is missing of them, a sentence each; empty if all are there.</summary>
    /// <param name="spec">The study's spec.</param>
    /// <param name="environment">The worker's environment.</param>
    /// <param name="host">The worker's host, for the message.</param>
    public static IReadOnlyList<string> Missing(StudySpec spec, IReadOnlyDictionary<string, string> environment, string host)
    {
        var missing = new List<string>();
        if (spec.Trainer is not ProgramTrainerSpec trainer)
            return missing;

        foreach (var (variable, value) in trainer.Environment)
        {
            if (value is FromEnvironmentValue { Name: var name } && string.IsNullOrEmpty(environment.GetValueOrDefault(name)))
            {
                missing.Add(
                    $"trainer.env.{variable}: the environment variable {name}, which it is taken from, is not set (or is empty) on {host}: set it where the worker is started (export {name}=…)");
            }
        }

        return missing;
    }

    /// <summary>Refuses to go on where one is missing: a trainer must not be started without.</summary>
    /// <exception cref="InvalidRequestException">One is missing.</exception>
    public static void Require(StudySpec spec, IReadOnlyDictionary<string, string> environment, string host)
    {
        if (Missing(spec, environment, host) is { Count: > 0 } missing)
            throw new InvalidRequestException(string.Join(Environment.NewLine, missing));
    }
}
