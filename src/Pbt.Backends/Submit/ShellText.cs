namespace Pbt.Backends.Submit;

/// <summary>Texts that a POSIX shell reads as they are meant.</summary>
/// <remarks>Pure.</remarks>
public static class ShellText
{
    private const string Plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%^";

    /// <summary>A command line of which a shell makes exactly these arguments.</summary>
    public static string Quote(IEnumerable<string> arguments) => string.Join(' ', arguments.Select((argument, i) => Quote(argument, isFirst: i == 0)));

    // A first word with '=' would set a variable.
    private static string Quote(string argument, bool isFirst) =>
        argument.Length > 0 && argument.All(static c => Plain.Contains(c, StringComparison.Ordinal)) && !(isFirst && argument.Contains('=', StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
