using System.Text.RegularExpressions;

namespace Pbt.EndToEnd.Tests.Shells;

/// <summary>What pbt writes to terminals of several kinds; <c>script</c> of util-linux is the terminal.</summary>
public sealed partial class TerminalTests : IDisposable
{
    private readonly Study _study = new();

    [Fact]
    public async Task A_terminal_is_drawn_on_in_colour_unless_it_or_its_user_wants_none()
    {
        _study.Spec("""
            name: drawn
            population: 4
            objective: { metric: q, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: 6 }
            hyperparameters: { h0: { type: float, min: 0, max: 10 }, h1: { type: float, min: 0, max: 10 } }
            trainer: { builtin: quadratic }
            """);
        (await _study.RunAsync(slots: 1)).Expect(0);

        var coloured = await WatchAsync("xterm-256color");
        var plain = await WatchAsync("xterm-256color", noColor: "1");
        var dumb = await WatchAsync("dumb");

        Assert.Matches(Colour(), coloured);
        Assert.DoesNotMatch(Colour(), plain);
        foreach (var picture in (string[])[coloured, plain])
        {
            var lines = Escape().Replace(picture, string.Empty).Split('\n').Select(static line => line.TrimEnd('\r')).ToList();
            Assert.Contains(lines, static line => line.StartsWith("drawn  completed  asynchronous", StringComparison.Ordinal));
            Assert.Contains(lines, static line => line.StartsWith("member  state      interval", StringComparison.Ordinal));
            Assert.Contains(lines, static line => line.StartsWith("best  m", StringComparison.Ordinal));
            Assert.All(lines.TakeWhile(static line => !line.StartsWith("best: ", StringComparison.Ordinal)), static line => Assert.InRange(line.Length, 0, 80));
        }

        Assert.DoesNotContain('\u001b', dumb);
        Assert.Contains("drawn completed: 24 of 24 intervals (100%)", dumb, StringComparison.Ordinal);
    }

    public void Dispose() => _study.Dispose();

    private async Task<string> WatchAsync(string terminal, string? noColor = null)
    {
        var command = $"stty columns 80 rows 24; exec dotnet '{PbtProcess.Program}' watch '{_study.Dir}'";
        return (await Programs.RunAsync("script", ["-qec", command, "/dev/null"], _study.Root, [new("TERM", terminal), new("NO_COLOR", noColor)])).Expect(0).Out;
    }

    [GeneratedRegex("\u001b\\[([0-9]+;)*(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;[0-9]+)*m", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Colour();

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]|\u001b[=>]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();
}
