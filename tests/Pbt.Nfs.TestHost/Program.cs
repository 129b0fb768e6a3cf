using Pbt.Nfs.TestHost;

// agent DIRECTORY: does in a study's directory what standard input says, until it ends.
// Else it is the driver: it plays each scenario between the two hosts and prints a line for it. See eng/nfs.
if (args is ["agent", var directory])
    await new Agent(new(directory)).RunAsync();
else
    await Driver.RunAsync();
