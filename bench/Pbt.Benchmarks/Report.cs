using System.Globalization;

namespace Pbt.Benchmarks;

/// <summary>Figures of several runs.</summary>
public static class Report
{
    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Runs in the folder that was named, or in a temporary one that is removed.</summary>
    public static async Task InFolderAsync(string[] args, Func<string, Task> run)
    {
        if (args.Length > 0)
        {
            await run(Directory.CreateDirectory(args[0]).FullName);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("pbt-bench-");
        try
        {
            await run(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Prints a line, never localised.</summary>
    public static void Line(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
