using System.Runtime.InteropServices;

namespace Pbt.Storage.FileSystem;

/// <summary>The permissions that this process takes away from every file it makes, and so do the trainers it starts.</summary>
/// <remarks>One for the whole process: to be set at its start, before it makes files. It is only ever made stricter.</remarks>
public static partial class Umask
{
    private const int All = 0b111_111_111;
    private const int Owner = 0b111_000_000;
    private const int Others = 0b000_111_111;

    /// <summary>Takes these permissions away, too.</summary>
    public static void Restrict(int bits)
    {
        // There is no way to ask for it but to set it.
        var old = Set(Others);
        _ = Set((old | bits) & All);
    }

    /// <summary>
    /// Takes away from others what a study's directory does not give them: so whoever asked for privacy when it was made
    /// has it from every later worker. Nothing if there is no such directory.
    /// </summary>
    public static void KeepTo(StudyDirectory study)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(study.Root))
            Restrict(~(int)File.GetUnixFileMode(study.Root) & Others);
    }

    /// <summary>Takes permissions away from the study's directory itself, so that they are remembered; gives none.</summary>
    /// <exception cref="UnauthorizedAccessException">It belongs to somebody else.</exception>
    public static void Remember(StudyDirectory study, int bits)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(study.Root))
            return;

        var mode = File.GetUnixFileMode(study.Root);
        if (((int)mode & bits) != 0)
            File.SetUnixFileMode(study.Root, mode & ~(UnixFileMode)bits);
    }

    /// <summary>Reads an octal number such as <c>077</c>, or says in words what is wrong with it.</summary>
    public static int? Parse(string text, out string? objection)
    {
        objection = null;
        var bits = 0;
        foreach (var digit in text)
        {
            if (digit is < '0' or > '7' || text.Length > 4)
            {
                objection = "it is an octal number such as 077, which takes everything from everybody else, or 027, which lets the group read";
                return null;
            }

            bits = (bits * 8) + (digit - '0');
        }

        if (text.Length == 0 || bits > All || (bits & Owner) != 0)
            objection = "it would take permissions from yourself; write 077, or 027 to let the group read";

        return objection is null ? bits : null;
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int Set(int mask);
}
