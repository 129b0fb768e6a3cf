using System.Globalization;
using System.Text;
using Pbt.Core.Hooks;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Hooks;

/// <summary>Writes how hooks end and what they print into <c>logs/hooks.log</c>, which stays short.</summary>
internal sealed class HookLog(StudyDirectory directory, TimeProvider time)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Notes how a hook ended.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(HookCall call, HookOutcome outcome)
    {
        var took = outcome.Took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{call.Values["kind"]} (event {call.Version}): {outcome.Trouble ?? "ended well"}, {took} s");
        if (outcome.Printed > outcome.Output.Length)
            text.Append(CultureInfo.InvariantCulture, $"; it printed {outcome.Printed} bytes, of which these are the first");

        Write(text.ToString(), outcome.Output.Span);
    }

    /// <summary>Notes something in one line.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Write(string line) => Write(line, []);

    private void Write(string line, ReadOnlySpan<byte> output)
    {
        StudyTree.Make(directory, directory.Logs);
        UntrustedFile.Clear(directory.HookLog);
        if (new FileInfo(directory.HookLog) is { Exists: true, Length: > MostBytes })
            File.Move(directory.HookLog, directory.HookLog + ".1", overwrite: true);

        using var bytes = new MemoryStream();
        bytes.Write(Encoding.UTF8.GetBytes($"{time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {line}\n"));
        bytes.Write(output);
        if (output.Length > 0 && output[^1] != (byte)'\n')
            bytes.WriteByte((byte)'\n');

        using var file = UntrustedFile.OpenToWrite(directory.HookLog, append: true);
        RandomAccess.Write(file, bytes.GetBuffer().AsSpan(0, (int)bytes.Length), RandomAccess.GetLength(file));
    }
}
