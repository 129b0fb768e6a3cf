using System.CommandLine;
using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>Gives a command its action, with every error turned into a message and an exit code.</summary>
internal static class CommandAction
{
    /// <summary>Sets what the command does; the function returns the exit code.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (result, cancellationToken) => await GuardAsync(() => action(result, cancellationToken), result.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>Runs something and turns what it throws into a message and an exit code.</summary>
    private static async Task<int> GuardAsync(Func<Task<int>> action, TextWriter output)
    {
        try
        {
            return await action();
        }
        catch (DamagedStoreException error)
        {
            return Fail(output, ExitCode.Damaged, error.Message);
        }
        catch (InvalidRequestException error)
        {
            return Fail(output, ExitCode.BadRequest, error.Message);
        }
        catch (TransientStoreException error)
        {
            return Fail(output, ExitCode.Interrupted, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(output, ExitCode.BadRequest, error.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static int Fail(TextWriter output, int code, string message)
    {
        output.WriteLine($"pbt: {Words.Harmless(message)}");
        return code;
    }
}
