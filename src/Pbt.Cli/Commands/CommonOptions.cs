using System.CommandLine;
using System.Globalization;
using Pbt.Core.Comparisons;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary><c>--umask MASK</c>: what is taken away from others on every file; the option's value is its text.</summary>
    public static Option<string?> FileModes()
    {
        var option = new Option<string?>("--umask")
        {
            Description = "Take these permissions from every file, such as 077; the study's directory remembers it. Default: your umask, and whatever the directory does not give.",
            HelpName = "MASK",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Umask.Parse(result.Tokens[0].Value, out var objection) is null)
                result.AddError($"--umask is '{Words.OneLine(result.Tokens[0].Value)}'; {objection}");
        });
        return option;
    }

    /// <summary>Makes this process keep to the option's value.</summary>
    public static void Restrict(string? umask)
    {
        if (umask is not null && Umask.Parse(umask, out _) is { } bits)
            Umask.Restrict(bits);
    }

    /// <summary>Makes a study that is there remember the option's value.</summary>
    public static void Remember(string? umask, StudyDirectory study)
    {
        if (umask is not null && Umask.Parse(umask, out _) is { } bits)
            Umask.Remember(study, bits);
    }

    /// <summary><c>--store ADDRESS</c>: the database that has the study's events.</summary>
    public static Option<string?> Store() => new("--store")
    {
        Description = "Keep the study's events in this PostgreSQL database rather than in a journal: postgres://user@host/database[?study=NAME].",
        HelpName = "ADDRESS",
    };

    /// <summary><c>--slots K</c>: attempts at a time.</summary>
    public static Option<int?> Slots() => new Option<int?>("--slots")
    {
        Description = "Attempts at a time on this machine; default: the spec's, else what GPUs or processors carry.",
        HelpName = "K",
    }.AtLeast(1);

    /// <summary><c>--accept-change KEY</c>: changes of a spec that are accepted by name.</summary>
    public static Option<string[]> AcceptChange() => new("--accept-change")
    {
        Description = "Accept a change of this key in the spec of a study that is there. May be given several times.",
        HelpName = "KEY",
    };

    /// <summary><c>--measure</c>: which score of a run is compared; <see cref="MeasureOf"/> says what its value means.</summary>
    public static Option<string> Measure()
    {
        var option = new Option<string>("--measure")
        {
            Description = "The score of a run: that of its best member at the end (final), or the best of any interval (best), which noise inflates.",
            DefaultValueFactory = static _ => "final",
        };
        option.AcceptOnlyFromAmong("final", "best");
        return option;
    }

    /// <summary>What the value of <see cref="Measure"/> means.</summary>
    public static Measure MeasureOf(string? word) => word is "best" ? Core.Comparisons.Measure.Best : Core.Comparisons.Measure.Final;

    /// <summary>Refuses a number that is too small or too large.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, int least, int most = int.MaxValue)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
                result.AddError($"{option.Name} is {number}; it must be at least {least}{(most == int.MaxValue ? string.Empty : $" and at most {most}")}");
        });
        return option;
    }
}
