using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Pbt.Dashboard.Live;

/// <summary>Sends one page what it watches, as server-sent events, for as long as it listens.</summary>
/// <remarks>
/// <c>summary</c> says how every study stands: at once, when that changes, and every second while anything runs.
/// <c>change</c> is what is new in a study that the page watches; the first is everything since the page's cursor.
/// </remarks>
/// <param name="feeds">The studies.</param>
/// <param name="pulse">Beats when there is something new.</param>
/// <param name="time">The clock.</param>
internal sealed class EventStream(IReadOnlyList<StudyFeed> feeds, Pulse pulse, TimeProvider time)
{
    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ClockPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The cursors in a query: <c>0@1.250,3@0.0</c> is study 0 from event 250 of fold 1 on, and all of study 3; null if it is none.</summary>
    public static Dictionary<int, Cursor>? ParseWatched(string text, int studies)
    {
        var watched = new Dictionary<int, Cursor>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (at, dot) = (part.IndexOf('@', StringComparison.Ordinal), part.IndexOf('.', StringComparison.Ordinal));
            if (at < 1 || dot < at || !TryParse(part.AsSpan(0, at), out var study) || study >= studies ||
                !TryParse(part.AsSpan(at + 1, dot - at - 1), out var generation) ||
                !long.TryParse(part.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return null;

            watched[study] = new Cursor(generation, version);
        }

        return watched;
    }

    /// <summary>Sends until the page is gone or the server ends.</summary>
    public async Task SendAsync(HttpResponse response, Dictionary<int, Cursor> watched, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        using var json = new JsonBuffer();
        try
        {
            while (true)
            {
                var changed = pulse.Next;
                json.Make(WriteSummaries);
                await SendAsync(response, "summary", json.Written, cancellationToken);
                foreach (var study in watched.Keys.ToList())
                {
                    var cursor = watched[study];
                    if (json.Make(writer => feeds[study].TryWriteChange(writer, study, ref cursor)))
                        await SendAsync(response, "change", json.Written, cancellationToken);

                    watched[study] = cursor;
                }

                await response.Body.FlushAsync(cancellationToken);
                await WaitAsync(changed, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The page is gone, or the server ends.
        }
    }

    private bool WriteSummaries(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("now", time.GetUtcNow().ToUnixTimeMilliseconds());
        writer.WriteStartArray("studies");
        for (var i = 0; i < feeds.Count; i++)
            feeds[i].WriteSummary(writer, i);

        writer.WriteEndArray();
        writer.WriteEndObject();
        return true;
    }

    /// <summary>Waits for a change, or a second for the clock's sake; never less than a tenth of one.</summary>
    private async Task WaitAsync(Task changed, CancellationToken cancellationToken)
    {
        await Task.Delay(LeastPeriod, time, cancellationToken);
        await Task.WhenAny(changed, Task.Delay(ClockPeriod, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static async Task SendAsync(HttpResponse response, string name, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Encoding.ASCII.GetBytes($"event: {name}\ndata: "), cancellationToken);
        await response.Body.WriteAsync(data, cancellationToken);
        await response.Body.WriteAsync("\n\n"u8.ToArray(), cancellationToken);
    }

    private static bool TryParse(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
