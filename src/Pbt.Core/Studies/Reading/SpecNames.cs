namespace Pbt.Core.Studies.Reading;

/// <summary>What names may look like.</summary>
internal static class SpecNames
{
    private const int Longest = 100;

    /// <summary>What is wrong with a study's name, or null.</summary>
    public static string? StudyObjection(string name) => name.Length switch
    {
        0 => "the name is empty",
        > Longest => $"the name is longer than {Longest} characters",
        _ when !char.IsAsciiLetterOrDigit(name[0]) => "a study's name begins with a letter or a digit",
        _ when !name.All(IsNameCharacter) => "a study's name has letters (a to z), digits, '.', '_' and '-' only",
        _ => null,
    };

    /// <summary>What is wrong with a hyperparameter's name, or null.</summary>
    public static string? HyperparameterObjection(string name) => name.Length switch
    {
        0 => "the name is empty",
        > Longest => $"the name is longer than {Longest} characters",
        _ when ArgumentTemplate.Builtins.Contains(name, StringComparer.Ordinal) =>
            $"'{name}' is the name of a built-in placeholder; choose another (built in: {string.Join(", ", ArgumentTemplate.Builtins)})",
        _ when !name.All(IsNameCharacter) => "a hyperparameter's name has letters (a to z), digits, '_', '.' and '-' only",
        _ when char.IsAsciiDigit(name[0]) || name[0] == '-' => "a hyperparameter's name does not begin with a digit or a dash",
        _ => null,
    };

    /// <summary>What is wrong with an environment variable's name, or null.</summary>
    public static string? VariableObjection(string name) =>
        name.Length == 0 ? "an environment variable has a name"
        : name.AsSpan().IndexOfAny('=', '\0') >= 0 ? "an environment variable's name has no '=' and no NUL"
        : null;

    /// <summary>Whether a name is one that every shell can set.</summary>
    public static bool IsPortableVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
}
