using System.Globalization;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Security;

/// <summary>The modes of every file and directory of a study, pbt's and the trainers'.</summary>
public sealed class FileModeTests
{
    // A trainer that makes files, directories and something executable, as the umask it was given lets it.
    private const string Script =
        """
        umask >"$PBT_CHECKPOINT_OUT/umask"
        mkdir "$PBT_CHECKPOINT_OUT/inner"
        echo 1 >"$PBT_CHECKPOINT_OUT/inner/state"
        echo '{"loss": 1}' >>"$PBT_METRICS"
        echo '{"score": 1}' >"$PBT_RESULT"

        """;

    [Theory]
    [InlineData("077", "0022", 0b111_000_000)]
    [InlineData("027", "0022", 0b111_101_000)]
    [InlineData(null, "0022", 0b111_101_101)]
    [InlineData(null, "0077", 0b111_000_000)]
    [InlineData(null, "0002", 0b111_111_101)]
    public async Task Every_file_has_the_modes_that_were_asked_for(string? option, string umask, int directories)
    {
        using var study = Study();
        string[] more = option is null ? [] : ["--umask", option];
        await RunAsync(study, umask, ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2", .. more], 0);
        AssertModes(study.Dir, directories);

        // Whoever works on it later keeps to it, whatever their own umask.
        study.Replace("intervals: 2", "intervals: 3");
        await RunAsync(study, "0000", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2"], 0);
        Assert.Equal(6, study.Count("interval_completed"));
        AssertModes(study.Dir, directories);
    }

    [Fact]
    public async Task A_directory_that_the_user_made_private_keeps_the_study_private()
    {
        using var study = Study();
        Directory.CreateDirectory(study.Dir, (UnixFileMode)0b111_000_000);
        await RunAsync(study, "0022", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2"], 0);
        AssertModes(study.Dir, 0b111_000_000);
    }

    [Fact]
    public async Task A_study_that_is_there_can_be_made_private_and_never_less_so()
    {
        using var study = Study();
        await RunAsync(study, "0022", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2"], 0);
        study.Replace("intervals: 2", "intervals: 3");
        await RunAsync(study, "0022", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2", "--umask", "077"], 0);
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(study.Dir));
        study.Replace("intervals: 3", "intervals: 4");
        await RunAsync(study, "0022", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2", "--umask", "022"], 0);
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(study.Dir));
        var last = Directory.EnumerateDirectories(Path.Combine(study.Dir, "checkpoints", "m0000")).Single(static d => d.Contains("i000004", StringComparison.Ordinal));
        AssertModes(last, 0b111_000_000);
    }

    [Theory]
    [InlineData("rw-------")]
    [InlineData("778")]
    [InlineData("00077")]
    [InlineData("700")]
    [InlineData("")]
    public async Task A_mask_that_is_none_is_refused_with_an_example(string mask)
    {
        using var study = Study();
        (await study.RunAsync(slots: 1, "--umask", mask)).Expect(2).Saying("--umask", "077");
        Assert.False(Directory.Exists(study.Dir));
    }

    private static Study Study() => new Study().Script("train.sh", Script).Spec(Trainers.Spec(population: 2, intervals: 2));

    private static async Task RunAsync(Study study, string umask, string[] arguments, int exitCode)
    {
        await using var run = study.StartUnder(umask, arguments);
        (await run.EndAsync(study.Describe)).Expect(exitCode);
    }

    private static void AssertModes(string root, int directories)
    {
        var wrong = new List<string>();
        foreach (var entry in (string[])[root, .. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)])
        {
            var mode = (int)File.GetUnixFileMode(entry);
            var expected = Directory.Exists(entry) ? directories : directories & 0b110_110_110;
            if (mode != expected)
                wrong.Add($"{Convert.ToString(mode, 8)} instead of {Convert.ToString(expected, 8)}: {entry}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Count() > 2, root.ToString(CultureInfo.InvariantCulture));
    }
}
