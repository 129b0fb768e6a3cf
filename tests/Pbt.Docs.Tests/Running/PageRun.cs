using Pbt.Docs.Tests.Pages;
using Pbt.Testing;

namespace Pbt.Docs.Tests.Running;

/// <summary>Follows a page as a reader would: from its top to its end, in one folder.</summary>
/// <remarks>
/// Comments right above a block say what a test needs to know; docs/decisions/0023 lists them.
/// </remarks>
internal static class PageRun
{
    /// <summary>The mark of a block that needs a database.</summary>
    public const string Database = "database";

    private const double Patience = 180;

    /// <summary>Runs all its blocks; fails with the block's line, what was expected and what was printed.</summary>
    public static async Task FollowAsync(DocPage page)
    {
        using var clone = new ScratchClone();
        PostgresServer? server = null;
        try
        {
            foreach (var fence in page.Fences)
            {
                foreach (var use in fence.Mark("uses")?.Split(", ") ?? [])
                    File.Copy(clone.At(use.Split(" as ")[0]), clone.At(use.Split(" as ")[1]), overwrite: true);

                if (fence.Mark("file") is { } file)
                    Write(clone.At(file), fence.Text);

                if (fence.Mark("setup") is { } setup)
                    await RunAsync(clone, $"the set-up of {page.RelativePath}:{fence.Line}", new ShownCommand(setup, Shown: null, ExitCode: 0), until: null);

                if (!fence.HasCommands || fence.Mark(NotRun.Mark) is not null)
                    continue;

                if (fence.Mark(Database) is not null && server is null)
                {
                    server = await PostgresServer.StartNewAsync();
                    clone.Use(server);
                }

                foreach (var command in ShownCommand.Of(fence))
                {
                    var script = fence.Mark(Database) is { } address ? command.Script.Replace(address, ScratchClone.DatabaseAddress, StringComparison.Ordinal) : command.Script;
                    await RunAsync(clone, $"{page.RelativePath}:{fence.Line}", command with { Script = script }, fence.Mark("until"));
                }
            }
        }
        finally
        {
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static async Task RunAsync(ScratchClone clone, string where, ShownCommand command, string? until)
    {
        // Whoever starts the tests in the background has Ctrl-C ignored in all that they start.
        await using var process = clone.Start(until is null ? command.Script : $"exec env --default-signal=INT {command.Script}");
        if (until is not null)
        {
            await Eventually.HoldsAsync($"{where} prints '{until}'", () => process.HasExited || process.Printed.Contains(until, StringComparison.Ordinal), () => process.Printed);
            process.Send(Signal.Interrupt);
        }

        var output = await process.EndAsync(() => where, Patience);
        Expectation.That(output.ExitCode == command.ExitCode, $"{where}: expected exit code {command.ExitCode} of\n{command.Script}\nbut was {output}");
        Expectation.That(!output.All.Contains("   at ", StringComparison.Ordinal), $"{where}: a stack trace\n{output}");
        if (until is not null)
            output.Saying(until);

        if (command.Shown is { } shown)
            Expectation.That(ShownOutput.Fits(shown, output.All), $"{where}: shown for {command.Script}\n{shown}\nbut printed was\n{output.All}");
    }
}
