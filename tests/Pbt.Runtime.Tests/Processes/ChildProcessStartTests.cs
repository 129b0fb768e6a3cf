using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

[UnsupportedOSPlatform("windows")]
public sealed class ChildProcessStartTests
{
    private static readonly string[] Hostile =
    [
        "", " ", "two words", "tab\there", "line\nbreak\n", "\"double\"", "'single'", "back\\slash\\", "$(touch hacked) `id` $HOME",
        "--leading-dash", "-", "a=b", "*", "?[x]", "~", "{learning_rate}", "; rm x", "&& true", "| cat", "> file", "#", "!", "%s%n",
        "Zoë 日本語 🧪", "\u0001\u007f", new string('x', 100_000),
    ];

    public static TheoryData<string> HostileValues => new(Hostile);

    private static string Host => Path.Combine(AppContext.BaseDirectory, "Pbt.Runtime.TestHost.dll");

    [Fact]
    public async Task Arguments_reach_the_program_unchanged()
    {
        await using var sandbox = new Sandbox();
        var child = sandbox.Start("dotnet", ["exec", Host, "arguments", .. Hostile]);

        Assert.Equal(ExitStatus.Exited(0), await child.WaitAsync());
        var seen = sandbox.Output.Split('\n')[..^1].Select(line => Encoding.UTF8.GetString(Convert.FromBase64String(line)));
        Assert.Equal(Hostile, seen.ToArray());
    }

    [Theory]
    [MemberData(nameof(HostileValues))]
    public async Task Environment_values_reach_the_program_unchanged(string value)
    {
        await using var sandbox = new Sandbox();
        sandbox.Environment["HOSTILE"] = value;

        var child = sandbox.Start("sh", "-c", "printf '%s' \"$HOSTILE\"");

        Assert.Equal(ExitStatus.Exited(0), await child.WaitAsync());
        Assert.Equal(value, sandbox.Output);
    }

    [Fact]
    public async Task Nothing_but_the_given_environment_and_the_marker_is_passed_on()
    {
        await using var sandbox = new Sandbox();
        sandbox.Environment.Clear();
        sandbox.Environment["ONLY"] = "this";

        var child = sandbox.Start("/usr/bin/env");

        Assert.Equal(ExitStatus.Exited(0), await child.WaitAsync());
        var names = sandbox.Output.Split('\n')[..^1].Select(line => line.Split('=')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["ONLY", ChildProcess.MarkerVariable], names.ToArray());
    }

    [Theory]
    [InlineData("exit 0", "exit code 0")]
    [InlineData("exit 3", "exit code 3")]
    [InlineData("exit 255", "exit code 255")]
    [InlineData("kill -9 $$", "killed by signal 9 (SIGKILL)")]
    [InlineData("kill -TERM $$", "killed by signal 15 (SIGTERM)")]
    [InlineData("kill -SEGV $$", "killed by signal 11 (SIGSEGV)")]
    [InlineData("kill -40 $$", "killed by signal 40")]
    public async Task The_exit_status_says_how_it_ended(string script, string expected)
    {
        await using var sandbox = new Sandbox();

        var status = await sandbox.Start("sh", "-c", script).WaitAsync();

        Assert.Equal(expected, status.ToString());
        Assert.Equal(script is "exit 0", status.Succeeded);
    }

    [Fact]
    public async Task The_exit_status_is_known_although_the_worker_was_started_with_sigchld_ignored()
    {
        await using var sandbox = new Sandbox();

        await sandbox.Start("env", "--ignore-signal=CHLD", "dotnet", "exec", Host, "status", "sh", "-c", "exit 5").WaitAsync();

        Assert.Equal("exit code 5\n", sandbox.Output);
    }

    [Fact]
    public async Task Both_outputs_in_one_file_keep_their_order_and_are_appended()
    {
        await using var sandbox = new Sandbox();
        File.WriteAllText(sandbox.At("log"), "before\n");
        var expected = new StringBuilder("before\n");
        for (var i = 0; i < 50; i++)
            expected.Append(CultureInfo.InvariantCulture, $"out {i}\nerr {i}\n");

        await sandbox.Start("sh", "-c", "i=0; while [ $i -lt 50 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done").WaitAsync();

        Assert.Equal(expected.ToString(), sandbox.Output);
    }

    [Fact]
    public async Task Outputs_go_to_their_own_files_and_input_is_empty()
    {
        await using var sandbox = new Sandbox();
        var launch = sandbox.Launch("sh", "-c", "cat; echo out; echo err >&2") with { StandardErrorPath = sandbox.At("errors") };

        Assert.Equal(ExitStatus.Exited(0), await Sandbox.Start(launch).WaitAsync());

        Assert.Equal("out\n", sandbox.Output);
        Assert.Equal("err\n", File.ReadAllText(sandbox.At("errors")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            File.GetUnixFileMode(sandbox.At("errors")));
    }

    [Fact]
    public async Task It_leads_a_session_with_no_signal_blocked_or_ignored()
    {
        await using var sandbox = new Sandbox();

        var child = sandbox.Start("sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; cut -d' ' -f5,6 /proc/$$/stat");

        await child.WaitAsync();
        var lines = sandbox.Output.Split('\n');
        Assert.Equal(0UL, SignalsOf(lines[0]));
        Assert.Equal(0UL, SignalsOf(lines[1]));
        Assert.Equal($"{child.Pid} {child.Pid}", lines[2]);
    }

    [Fact]
    public async Task It_inherits_no_file_that_closes_on_execution()
    {
        await using var sandbox = new Sandbox();
        await using var open = File.OpenRead("/proc/self/stat");

        var child = sandbox.Start("sh", "-c", "ls /proc/$$/fd");

        await child.WaitAsync();

        // The test runner may itself have inherited files that stay open; the .NET runtime opens none such.
        var kept = Directory.GetFiles("/proc/self/fdinfo").Where(StaysOpen).Select(Path.GetFileName);
        Assert.Subset(kept.Concat(["0", "1", "2"]).ToHashSet(StringComparer.Ordinal)!, sandbox.Output.Split('\n')[..^1].ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_relative_program_is_taken_from_the_working_directory()
    {
        await using var sandbox = new Sandbox();
        sandbox.Script("train.sh", "#!/bin/sh\necho here: $0\npwd");

        Assert.Equal(ExitStatus.Exited(0), await sandbox.Start("./train.sh").WaitAsync());

        Assert.Equal($"here: {sandbox.Root}/./train.sh\n{sandbox.Root}\n", sandbox.Output);
    }

    [Fact]
    public async Task A_bare_name_is_looked_up_in_the_childs_own_path()
    {
        await using var sandbox = new Sandbox();
        Directory.CreateDirectory(sandbox.At("tools"));
        sandbox.Script("tools/only-here", "#!/bin/sh\necho found");
        sandbox.Environment["PATH"] = "/nowhere:" + sandbox.At("tools");

        Assert.Equal(ExitStatus.Exited(0), await sandbox.Start("only-here").WaitAsync());

        Assert.Equal("found\n", sandbox.Output);
    }

    [Fact]
    public async Task What_cannot_start_is_explained()
    {
        await using var sandbox = new Sandbox();
        sandbox.Script("plain.py", "print()", executable: false);
        sandbox.Script("no-first-line", "echo x");
        sandbox.Script("bad-interpreter", "#!/usr/bin/pyhton3 -u\n");
        sandbox.Script("windows", "#!/bin/sh\r\necho x\r\n");
        var good = sandbox.Launch("sh", "-c", "exit");

        Assert.Contains("'no-such-program' is not found in PATH", Sandbox.Refusal(good with { FileName = "no-such-program" }), StringComparison.Ordinal);
        Assert.Contains("does not exist ('./no.sh' is taken from", Sandbox.Refusal(good with { FileName = "./no.sh" }), StringComparison.Ordinal);
        Assert.Contains("chmod +x", Sandbox.Refusal(good with { FileName = "./plain.py" }), StringComparison.Ordinal);
        Assert.Contains("is a directory", Sandbox.Refusal(good with { FileName = sandbox.Root }), StringComparison.Ordinal);
        Assert.Contains("'#!' line", Sandbox.Refusal(good with { FileName = "./no-first-line" }), StringComparison.Ordinal);
        Assert.Contains("'/usr/bin/pyhton3'", Sandbox.Refusal(good with { FileName = "./bad-interpreter" }), StringComparison.Ordinal);
        Assert.Contains("Windows line break", Sandbox.Refusal(good with { FileName = "./windows" }), StringComparison.Ordinal);
        Assert.Contains("'/no/where' does not exist", Sandbox.Refusal(good with { WorkingDirectory = "/no/where" }), StringComparison.Ordinal);
        Assert.Contains("is empty or holds a NUL", Sandbox.Refusal(good with { WorkingDirectory = "" }), StringComparison.Ordinal);
        Assert.Contains("is a file", Sandbox.Refusal(good with { WorkingDirectory = sandbox.At("plain.py") }), StringComparison.Ordinal);
        Assert.Contains("its directory does not exist", Sandbox.Refusal(good with { StandardErrorPath = sandbox.At("no/log") }), StringComparison.Ordinal);
        Assert.Contains("is a directory", Sandbox.Refusal(good with { StandardOutputPath = sandbox.Root }), StringComparison.Ordinal);
        Assert.Contains("NUL", Sandbox.Refusal(good with { Arguments = ["a\0b"] }), StringComparison.Ordinal);
        Assert.Contains("too long", Sandbox.Refusal(good with { Arguments = [new string('x', 1 << 22)] }), StringComparison.Ordinal);
        Assert.Contains("'a=b'", Sandbox.Refusal(good with { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["a=b"] = "" } }), StringComparison.Ordinal);
    }

    // 32 and 33 are the C library's own, which it always ignores until a program has threads.
    private static ulong SignalsOf(string line) =>
        ulong.Parse(line.Split('\t')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) & ~0x1_8000_0000UL;

    private static bool StaysOpen(string fileInfo)
    {
        try
        {
            var flags = File.ReadLines(fileInfo).First(line => line.StartsWith("flags:", StringComparison.Ordinal)).Split('\t')[1];
            return (Convert.ToInt32(flags, 8) & 0x80000) == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
