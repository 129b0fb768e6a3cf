using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Pbt.Core.Studies;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Pages;

namespace Pbt.Dashboard.Reports;

/// <summary>Writes studies as one HTML file: the dashboard's page with their data in it.</summary>
/// <remarks>The data is compressed and in base64, so that no name in it can be taken for markup.</remarks>
public static class ReportFile
{
    /// <summary>Writes the file and returns its size in bytes.</summary>
    /// <param name="studies">What it shows, as it is now.</param>
    /// <param name="path">Where; a file that is there is replaced, once the new one is whole.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it before anything is written.</param>
    /// <exception cref="InvalidRequestException">A study was never created, or this pbt was built without the page.</exception>
    /// <exception cref="IOException">The file could not be written.</exception>
    public static async Task<long> WriteAsync(IReadOnlyList<WatchedStudy> studies, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = WebPage.Load();
        var pulse = new Pulse();
        var feeds = new List<StudyFeed>();
        foreach (var study in studies)
        {
            var feed = new StudyFeed(study, time, pulse);
            await feed.CatchUpAsync(cancellationToken);
            if (!feed.Read(static view => view.State.Exists))
                throw new InvalidRequestException($"the study in {study.Directory.Root} was never created: there is nothing to report");

            feeds.Add(feed);
        }

        var title = string.Join(", ", feeds.Select(static feed => feed.Read(static view => view.State.Spec.Name)));
        var html = page.WithData($"{title} · pbt report", Compress(feeds, time.GetUtcNow()));
        var unfinished = path + ".part";
        await File.WriteAllTextAsync(unfinished, html, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellationToken);
        File.Move(unfinished, path, overwrite: true);
        return new FileInfo(path).Length;
    }

    private static ReadOnlySpan<byte> Compress(List<StudyFeed> feeds, DateTimeOffset now)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
                Write(writer, feeds, now);

            gzip.Write(buffer.WrittenSpan);
        }

        return compressed.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, List<StudyFeed> feeds, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("made", now);
        writer.WriteStartObject("summaries");
        writer.WriteNumber("now", now.ToUnixTimeMilliseconds());
        writer.WriteStartArray("studies");
        for (var i = 0; i < feeds.Count; i++)
            feeds[i].WriteSummary(writer, i);

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("changes");
        for (var i = 0; i < feeds.Count; i++)
        {
            var cursor = default(Cursor);
            feeds[i].TryWriteChange(writer, i, ref cursor);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("members");
        foreach (var feed in feeds)
        {
            writer.WriteStartArray();
            for (var member = 0; feed.TryWriteMember(writer, member, attempt: null); member++)
            {
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
