using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Security;

/// <summary>Values and paths that a shell would take apart: they arrive byte for byte, and nothing is run by them.</summary>
public sealed class HostileValueTests
{
    // Writes what it was given, in hexadecimal, so that nothing on the way back can change it.
    private const string Echo =
        """
        import json, os, sys
        given = {
            "arguments": [os.fsencode(a).hex() for a in sys.argv[1:]],
            "variable": os.environb[b"VALUE"].hex(),
            "file": json.load(open(os.environ["PBT_HYPERPARAMETERS"], encoding="utf-8"))["h"].encode("utf-8", "surrogatepass").hex(),
            "directory": os.getcwdb().hex(),
            "out": os.environb[b"PBT_CHECKPOINT_OUT"].hex(),
        }
        json.dump(given, open(os.path.join(os.environb[b"PBT_CHECKPOINT_OUT"], b"given.json"), "w"))
        json.dump({"score": 1.0}, open(os.environb[b"PBT_RESULT"], "w"))

        """;

    private const string HostileName = "o'dd \"dir\" = ; $(touch owned) `touch owned` \n -x & | > é 漢🙂\\";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Values =
    [
        "a b", "  ", "'", "\"", "a=b", ";touch owned", "one\ntwo\r\n\n", "-rf", "--flag=x", "--", "$(touch owned)", "`touch owned`", "${HOME}", "\\", "\\n\\0",
        "%s%n", "*", "~", "!!", "&& touch owned", "> owned", "é ü 漢字 🙂 e\u0301", "\u0085\u2028\ufeff", "\t\u0001\u007f\u001b[2J", "{h}", "{{", "#", "null", "",
        new string('x', 100_000),
    ];

    [Fact]
    public async Task Every_value_and_path_arrives_unchanged_in_arguments_environment_and_files_and_comes_back_so()
    {
        using var study = new Study();
        var directory = study.At(HostileName);
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "-echo '$(x)'.py"), Echo);
        study.Dir = Path.Combine(directory, "-study " + HostileName);
        study.Spec(Spec(directory, "./-echo '$(x)'.py"));

        (await study.RunAsync(slots: 2)).Expect(0);
        for (var member = 0; member < Values.Length; member++)
        {
            var checkpoint = Directory.EnumerateDirectories(Path.Combine(study.Dir, "checkpoints", string.Create(CultureInfo.InvariantCulture, $"m{member:D4}"))).Single();
            var given = Study.Parse(await File.ReadAllTextAsync(Path.Combine(checkpoint, "given.json")));
            string[] arguments = [Values[member], $"--flag={Values[member]}", .. Values[member].Length == 0 ? [] : (string[])["--maybe", Values[member]], "-"];
            Assert.Equal(arguments.Select(Hex), given.GetProperty("arguments").EnumerateArray().Select(static a => a.GetString()!));
            Assert.Equal(Hex(Values[member]), given.GetProperty("variable").GetString());
            Assert.Equal(Hex(Values[member]), given.GetProperty("file").GetString());
            Assert.Equal(Hex(directory), given.GetProperty("directory").GetString());
            Assert.StartsWith(Hex(study.Dir + "/checkpoints/"), given.GetProperty("out").GetString(), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(study.Dir, "logs", string.Create(CultureInfo.InvariantCulture, $"m{member:D4}"), Path.GetFileName(checkpoint) + ".log")));
        }

        var created = study.Journal().Where(static e => e.Type == "member_created").Select(static e => e.Line.GetProperty("data").GetProperty("hyperparameters").GetProperty("h").GetString()!);
        Assert.Equal(Values, created);
        var shown = Study.Parse((await study.PbtAsync("show", study.Dir, "6", "--json")).Expect(0).Out).GetRawText();
        Assert.Contains(JsonSerializer.Serialize(Values[6])[1..^1], shown, StringComparison.Ordinal);
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(study.Root, "*", SearchOption.AllDirectories), static path => Path.GetFileName(path) == "owned");
    }

    [Fact]
    public async Task A_directory_with_a_leading_dash_is_named_after_an_equals_sign()
    {
        using var study = new Study();
        File.WriteAllText(study.At("echo.py"), Echo);
        study.Spec(Spec(study.Root, "echo.py", "[ { h: one } ]", 1));
        study.Dir = study.At("-dir");
        (await study.PbtAsync("run", study.SpecPath, "--dir=-dir")).Expect(0);
        (await study.PbtAsync("status", "./-dir")).Expect(0).Saying("completed");
    }

    [Theory]
    [InlineData("[ { h: \"a\\0b\" } ]", "NUL")]
    public async Task A_value_that_no_program_can_be_given_is_refused_where_it_stands(string members, string message)
    {
        using var study = new Study();
        study.Spec(Spec(study.Root, "echo.py", members, 1).Replace("values: [", "values: [\"a\\0b\", ", StringComparison.Ordinal));
        (await study.PbtAsync("validate", study.SpecPath)).Expect(2).Saying(message);
    }

    [Fact]
    public async Task A_value_that_is_too_long_for_the_system_fails_with_the_way_around_it()
    {
        using var study = new Study();
        File.WriteAllText(study.At("echo.py"), Echo);
        study.Spec(Spec(study.Root, "echo.py", $"[ {{ h: {new string('y', 200_000)} }} ]", 1).Replace("values: [", $"values: [{new string('y', 200_000)}, ", StringComparison.Ordinal));
        (await study.RunAsync(slots: 1)).Expect(1).Saying("too long for the system", "in a file");
    }

    [Fact]
    public async Task A_path_whose_bytes_are_no_text_is_refused_with_a_message()
    {
        using var study = new Study();
        study.Spec(Trainers.Spec());
        await using var odd = study.StartShell("exec \"$@\" run " + "\"$(printf 'odd\\377name')\"");
        (await odd.EndAsync()).Expect(2).Saying("there is no file");
    }

    private static string Spec(string directory, string script, string? members = null, int? population = null) =>
        $$"""
        name: hostile
        population: {{(population ?? Values.Length).ToString(CultureInfo.InvariantCulture)}}
        objective: { metric: score, goal: maximize }
        interval: { steps: 1 }
        budget: { intervals: 1 }
        hyperparameters:
          h: { type: categorical, values: [{{(members is null ? string.Join(", ", Values.Select(Yaml)) : "one, two")}}] }
        initial: { strategy: explicit, members: {{members ?? "[" + string.Join(", ", Values.Select(static v => $"{{ h: {Yaml(v)} }}")) + "]"}} }
        exploit: { strategy: none }
        explore: { strategy: none }
        trainer:
          command: [python3, {{Yaml(script)}}, "{h}", "--flag={h}", ["--maybe", "{h}"], "-"]
          working_directory: {{Yaml(directory)}}
          env: { VALUE: "{h}" }
          max_attempts: 1

        """;

    private static string Yaml(string text) => JsonSerializer.Serialize(text, Relaxed);

    private static string Hex(string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text));
}
