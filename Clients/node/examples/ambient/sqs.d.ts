/** As much of the AWS SDK for SQS as the example uses, for a type check where it is not installed. */
declare module "@aws-sdk/client-sqs" {
  interface Received {
    Messages?: { Body?: string; ReceiptHandle?: string; Attributes?: { [name: string]: string | undefined } }[];
  }
  interface Delivery {
    QueueUrl: string;
    ReceiptHandle: string;
  }
  export class ReceiveMessageCommand {
    readonly input: object;
    private readonly output: Received;
    constructor(input: {
      QueueUrl: string;
      MaxNumberOfMessages?: number;
      WaitTimeSeconds?: number;
      AttributeNames?: string[];
    });
  }
  export class DeleteMessageCommand {
    readonly input: object;
    constructor(input: Delivery);
  }
  export class ChangeMessageVisibilityCommand {
    readonly input: object;
    constructor(input: Delivery & { VisibilityTimeout: number });
  }
  export class SQSClient {
    send(command: ReceiveMessageCommand, options?: { abortSignal?: AbortSignal }): Promise<Received>;
    send(command: DeleteMessageCommand | ChangeMessageVisibilityCommand): Promise<object>;
  }
}
