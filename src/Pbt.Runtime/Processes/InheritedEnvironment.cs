using System.Collections;

namespace Pbt.Runtime.Processes;

/// <summary>This process's own environment, for what it starts.</summary>
public static class InheritedEnvironment
{
    /// <summary>A new dictionary of all variables.</summary>
    public static Dictionary<string, string> Read()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? string.Empty;

        return variables;
    }
}
