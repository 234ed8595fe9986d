import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Message, MessageQueue } from "./worker";

/** A queue of SQS as the worker sees it. */
export class SQSQueue implements MessageQueue {
  constructor(
    private readonly sqs: Pick<SQSClient, "send">,
    private readonly QueueUrl: string,
  ) {}

  async receive(signal: AbortSignal): Promise<Message[]> {
    const { QueueUrl } = this;
    try {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 20,
        AttributeNames: ["ApproximateReceiveCount"],
      });
      const { Messages = [] } = await this.sqs.send(command, { abortSignal: signal });
      return Messages.map(({ Body = "", ReceiptHandle = "", Attributes }) => ({
        body: Body,
        receipt: ReceiptHandle,
        receiveCount: Number(Attributes?.ApproximateReceiveCount ?? 1),
      }));
    } catch (error) {
      if (signal.aborted) return [];
      throw error;
    }
  }

  async remove({ receipt }: Message): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.QueueUrl, ReceiptHandle: receipt }));
  }

  async postpone({ receipt }: Message, seconds: number): Promise<void> {
    const { QueueUrl } = this;
    const command = { QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: seconds };
    await this.sqs.send(new ChangeMessageVisibilityCommand(command));
  }
}
