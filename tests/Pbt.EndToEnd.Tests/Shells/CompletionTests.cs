namespace Pbt.EndToEnd.Tests.Shells;

/// <summary>What real shells complete with the scripts of <c>pbt completion</c>.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly Study _study = new();

    public CompletionTests()
    {
        _study.Script("pbt", $"exec dotnet '{Path.Combine(PbtProcess.Program)}' \"$@\"\n");
        foreach (var directory in (string[])["runs/cartpole-1", "runs/cartpole-2", "runs/with space", "elsewhere/deep/sine"])
        {
            Directory.CreateDirectory(_study.At(directory));
            File.WriteAllText(_study.At(Path.Combine(directory, "journal.jsonl")), string.Empty);
        }

        Directory.CreateDirectory(_study.At("runs/no-study"));
        File.WriteAllText(_study.At("cartpole.yaml"), string.Empty);
    }

    public static TheoryData<string, string[]> Lines => new()
    {
        { "pbt exp", ["export"] },
        { "pbt re", ["replay", "report", "resume"] },
        { "pbt status --", ["--help", "--json"] },
        { "pbt export runs/cartpole-1 --format ", ["csv", "jsonl", "ray", "tensorboard"] },
        { "pbt export runs/cartpole-1 --format t", ["tensorboard"] },
        { "pbt run study.yaml --backend s", ["slurm", "submit"] },
        { "pbt completion ", ["bash", "fish", "zsh"] },
        { "pbt status runs/c", ["runs/cartpole-1", "runs/cartpole-2"] },
        { "pbt status else", ["elsewhere/deep/sine"] },
        { "pbt report runs/cartpole-1 runs/cartpole-2 e", ["elsewhere/deep/sine"] },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash_completes(string line, string[] expected) => Assert.Equal(expected, await InBashAsync(line));

    [Fact]
    public async Task Bash_completes_what_follows_an_equals_sign() =>
        Assert.Equal(["isaacgymenvs", "isaaclab"], await InBashAsync("pbt run study.yaml --set preset=isaac"));

    [Fact]
    public async Task Bash_quotes_what_a_shell_would_split() => Assert.Equal([@"runs/with\ space"], await InBashAsync("pbt status runs/w"));

    [Fact]
    public async Task Bash_leaves_files_to_itself() => Assert.Empty(await InBashAsync("pbt run cart"));

    [Fact]
    public async Task Bash_completes_a_pbt_that_is_called_by_its_path() => Assert.Equal(["export"], await InBashAsync("./pbt exp"));

    [ShellTheory("fish")]
    [MemberData(nameof(Lines))]
    public async Task Fish_completes(string line, string[] expected) => Assert.Equal(expected, await InFishAsync(line));

    [ShellFact("fish")]
    public async Task Fish_completes_files_where_pbt_knows_nothing() => Assert.Equal(["cartpole.yaml"], await InFishAsync("pbt run cart"));

    [ShellTheory("zsh")]
    [InlineData("pbt exp", "pbt export ")]
    [InlineData("pbt export runs/cartpole-1 --format t", "pbt export runs/cartpole-1 --format tensorboard ")]
    [InlineData("pbt status else", "pbt status elsewhere/deep/sine ")]
    [InlineData("pbt status --j", "pbt status --json ")]
    [InlineData("pbt run cart", "pbt run cartpole.yaml ")]
    public async Task Zsh_completes(string line, string expected)
    {
        // A shell on a terminal of its own, that is typed to: after Tab, its line is written into a file.
        var output = await InShellAsync("zsh", ["-f"], $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            type() { zpty -w -n shell "$1" }
            type 'autoload -Uz compinit; compinit -u -D; source <(pbt completion zsh); written() { print -r -- "$BUFFER" >line }; zle -N written; bindkey "^I" complete-word; bindkey "^X" written; print REA""DY'$'\r'
            zpty -r shell seen '*READY*'
            type '{{line}}'$'\t\x18'
            repeat 600; do [[ -s line ]] && break; sleep 0.1; done
            cat line
            zpty -d shell
            """);
        Assert.Equal(expected, output.TrimEnd('\n'));
    }

    public void Dispose() => _study.Dispose();

    private async Task<string[]> InBashAsync(string line) => Sorted(await InShellAsync("bash", ["--norc", "--noprofile"], $$"""
        source <(pbt completion bash)
        complete -p pbt >complete.txt
        COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{line}}) COMP_CWORD=1
        _pbt
        printf '%s\n' "${COMPREPLY[@]}"
        """));

    private async Task<string[]> InFishAsync(string line) => Sorted(await InShellAsync("fish", ["--no-config"], $"""
        pbt completion fish | source
        complete -C '{line}'
        """));

    private static string[] Sorted(string printed) =>
        [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static item => item.Split('\t')[0]).Order(StringComparer.Ordinal)];

    private async Task<string> InShellAsync(string shell, string[] options, string script)
    {
        File.WriteAllText(_study.At("script"), script);
        var run = await Programs.RunAsync(
            shell, [.. options, "script"], _study.Root, [new("PATH", $"{_study.Root}:{Environment.GetEnvironmentVariable("PATH")}"), new("HOME", _study.Root), new("TERM", "xterm")]);
        return run.Expect(0).Out;
    }

    private static string? Missing(string shell) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell))) ? null : $"there is no {shell}: apt-get install {shell}";

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellFactAttribute : FactAttribute
    {
        public ShellFactAttribute(string shell) => Skip = Missing(shell);
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellTheoryAttribute : TheoryAttribute
    {
        public ShellTheoryAttribute(string shell) => Skip = Missing(shell);
    }
}
