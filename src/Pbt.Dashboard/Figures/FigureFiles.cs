using System.Text;
using Pbt.Core.Studies;
using Pbt.Dashboard.Live;

namespace Pbt.Dashboard.Figures;

/// <summary>Writes a study's figures as SVG files.</summary>
public static class FigureFiles
{
    /// <summary>Writes the figures and returns their paths.</summary>
    /// <param name="study">The study, as it is now.</param>
    /// <param name="folder">Where; it is made where it is missing, and figures that are there are replaced.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it between two files.</param>
    /// <exception cref="InvalidRequestException">No interval of the study has completed.</exception>
    /// <exception cref="IOException">A file could not be written.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(WatchedStudy study, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var feed = new StudyFeed(study, time, new Pulse());
        await feed.CatchUpAsync(cancellationToken);
        var figures = feed.Read(static view => StudyFigures.Of(view).ToList());
        if (figures.Count == 0)
            throw new InvalidRequestException($"no interval of the study in {study.Directory.Root} has completed: there is nothing to draw");

        Directory.CreateDirectory(folder);
        var paths = new List<string>();
        foreach (var (name, svg) in figures)
        {
            paths.Add(Path.Combine(folder, name + ".svg"));
            await File.WriteAllTextAsync(paths[^1], svg, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        }

        return paths;
    }
}
