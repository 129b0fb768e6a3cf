using System.CommandLine;
using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>Gives a command its action, with every error turned into a message and an exit code.</summary>
internal static class CommandAction
{
    /// <summary>Sets what the command does; the function returns the exit code.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction(async (result, cancellationToken) => await GuardAsync(() => action(result, cancellationToken)));
        return command;
    }

    /// <summary>Runs something and turns what it throws into a message and an exit code.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (DamagedStoreException error)
        {
            return Fail(ExitCode.Damaged, error.Message);
        }
        catch (InvalidRequestException error)
        {
            return Fail(ExitCode.BadRequest, error.Message);
        }
        catch (TransientStoreException error)
        {
            return Fail(ExitCode.Interrupted, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Fail(ExitCode.BadRequest, error.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static int Fail(int code, string message)
    {
        Console.Error.WriteLine($"pbt: {message}");
        return code;
    }
}
