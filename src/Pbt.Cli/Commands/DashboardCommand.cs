using System.CommandLine;
using System.Net;
using System.Runtime.CompilerServices;
using Pbt.Cli.Output;
using Pbt.Core.Studies;
using Pbt.Dashboard;
using Pbt.Dashboard.Http;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt dashboard</c>: a page that shows studies while they run.</summary>
/// <remarks>What is of the server is in methods of its own, so that nothing of it is loaded for other commands.</remarks>
internal static class DashboardCommand
{
    private const int MostPort = 65_535;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directories = StudyCommand.DirectoriesArgument();
        var host = new Option<string?>("--host")
        {
            Description = "Listen on this address of the machine, or on 0.0.0.0 for all, so that others can reach it; reading needs the token then, too. Default: 127.0.0.1.",
            HelpName = "ADDRESS",
        };
        var port = new Option<int>("--port") { Description = "The TCP port; 0 takes a free one.", DefaultValueFactory = static _ => 0, HelpName = "PORT" };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is < 0 or > MostPort)
                result.AddError($"--port is {number}; it must be at least 0 and at most {MostPort}");
        });
        var command = new Command("dashboard", "Show studies in a browser while they run: serves a page on this machine.") { directories, host, port };
        return command.Does(async (parsed, cancellationToken) =>
        {
            var address = AddressOf(parsed.GetValue(host));
            await using var studies = await OpenStudies.OpenAsync(services, parsed.GetValue(directories)!);
            await ServeAsync(services, studies.All, address, parsed.GetValue(port), cancellationToken);
            return ExitCode.Done;
        });
    }

    private static IPAddress AddressOf(string? host) => host switch
    {
        null or "localhost" => IPAddress.Loopback,
        _ when IPAddress.TryParse(host, out var address) => address,
        _ => throw new InvalidRequestException($"--host is '{Words.OneLine(host)}'; it must be an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them"),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task ServeAsync(CliServices services, IReadOnlyList<OpenStudy> studies, IPAddress address, int port, CancellationToken cancellationToken)
    {
        await using var server = await DashboardServer.StartAsync([.. studies.Select(Watched)], new DashboardOptions(address, port), services.Time, cancellationToken);
        await services.Out.WriteLineAsync($"{Words.Count(studies.Count, "study", "studies")} at {server.AddressWithToken}");
        await services.Out.WriteLineAsync(IPAddress.IsLoopback(address)
            ? "Reached from this machine only. Whoever opens it can look; the token after the # lets you pause, resume and stop. Ctrl-C ends it."
            : "Reached from other machines, without encryption: nothing is shown or changed without the token after the #. Ctrl-C ends it.");
        await services.Out.FlushAsync(cancellationToken);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, services.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The user has seen enough.
        }

        WatchedStudy Watched(OpenStudy study) => new(study.Directory, study.Store, StatusJson.IsAlive)
        {
            OnStopped = stopping => StoppedStudy.FinishAsync(services, study, stopping),
        };
    }
}
