namespace Pbt.Samples.Cartpole;

/// <summary>Keeps a <see cref="TrainingState"/> as a file in a directory.</summary>
/// <remarks>
/// Little-endian binary, so that every bit comes back. There is no renaming and no flushing here: pbt hands out an
/// empty directory, and publishes it as a whole once the trainer has ended well.
/// </remarks>
public static class Checkpoint
{
    private const string FileName = "state.bin";
    private const string Format = "pbt-cartpole-1";

    /// <summary>Writes the state, and makes the directory if need be.</summary>
    public static void Save(TrainingState state, string directory)
    {
        Directory.CreateDirectory(directory);
        using var writer = new BinaryWriter(File.Create(Path.Combine(directory, FileName)));
        writer.Write(Format);
        writer.Write(state.TotalSteps);
        writer.Write(state.Random.State);
        WriteNetwork(writer, state.Actor, state.ActorOptimizer);
        WriteNetwork(writer, state.Critic, state.CriticOptimizer);
        foreach (var environment in state.Environments)
            WriteEnvironment(writer, environment);
        writer.Write(state.RecentReturns.Count);
        foreach (var value in state.RecentReturns)
            writer.Write(value);
    }

    /// <summary>Reads the state back.</summary>
    /// <exception cref="InvalidDataException">The file is not such a checkpoint, or is cut short.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    public static TrainingState Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        using var reader = new BinaryReader(File.OpenRead(path));
        try
        {
            return Read(reader);
        }
        catch (Exception exception) when (exception is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"{path} is cut short or is no checkpoint.", exception);
        }
    }

    private static TrainingState Read(BinaryReader reader)
    {
        if (!string.Equals(reader.ReadString(), Format, StringComparison.Ordinal))
            throw new FormatException($"The file does not start with {Format}.");

        var state = TrainingState.CreateEmpty();
        state.TotalSteps = reader.ReadInt64();
        state.Random.State = reader.ReadUInt64();
        ReadNetwork(reader, state.Actor, state.ActorOptimizer);
        ReadNetwork(reader, state.Critic, state.CriticOptimizer);
        foreach (var environment in state.Environments)
            ReadEnvironment(reader, environment);
        for (var remaining = reader.ReadInt32(); remaining > 0; remaining--)
            state.RecordReturn(reader.ReadDouble());
        return state;
    }

    private static void WriteNetwork(BinaryWriter writer, Mlp network, Adam optimizer)
    {
        WriteArray(writer, network.Parameters);
        WriteArray(writer, optimizer.FirstMoment);
        WriteArray(writer, optimizer.SecondMoment);
        writer.Write(optimizer.Updates);
    }

    private static void ReadNetwork(BinaryReader reader, Mlp network, Adam optimizer)
    {
        ReadArray(reader, network.Parameters);
        ReadArray(reader, optimizer.FirstMoment);
        ReadArray(reader, optimizer.SecondMoment);
        optimizer.Updates = reader.ReadInt32();
    }

    private static void WriteEnvironment(BinaryWriter writer, CartPole environment)
    {
        writer.Write(environment.State.Position);
        writer.Write(environment.State.Velocity);
        writer.Write(environment.State.Angle);
        writer.Write(environment.State.AngularVelocity);
        writer.Write(environment.Steps);
    }

    private static void ReadEnvironment(BinaryReader reader, CartPole environment)
    {
        var state = new CartPoleState(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        environment.Restore(state, reader.ReadInt32());
    }

    private static void WriteArray(BinaryWriter writer, float[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
            writer.Write(value);
    }

    private static void ReadArray(BinaryReader reader, float[] values)
    {
        if (reader.ReadInt32() != values.Length)
            throw new FormatException("The networks in the checkpoint have another shape.");
        foreach (ref var value in values.AsSpan())
            value = reader.ReadSingle();
    }
}
