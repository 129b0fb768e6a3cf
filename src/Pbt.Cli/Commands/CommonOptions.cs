using System.CommandLine;

namespace Pbt.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary><c>--store ADDRESS</c>: the database that has the study's events.</summary>
    public static Option<string?> Store() => new("--store")
    {
        Description = "Keep the study's events in this PostgreSQL database rather than in a journal: postgres://user@host/database[?study=NAME].",
        HelpName = "ADDRESS",
    };

    /// <summary><c>--slots K</c>: attempts at a time.</summary>
    public static Option<int?> Slots()
    {
        var option = new Option<int?>("--slots") { Description = "Attempts at a time on this machine; default: the spec's, else what GPUs or processors carry." };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var slots) && slots < 1)
                result.AddError($"--slots is {slots}; it must be at least 1");
        });
        return option;
    }
}
